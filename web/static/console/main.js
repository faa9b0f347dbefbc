// The console: what is loaded with every page of it. Each module does one thing and starts itself.
import "../desk/session.js";
import "../desk/toasts.js";
import "../desk/dialogs.js";
import "./keys.js";
import "./still.js";
