"""Those who sign in: passwords, sessions, single sign-on, and the pages /login, /account and /users."""
