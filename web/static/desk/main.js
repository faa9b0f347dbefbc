// The desk: what is loaded with every page of it. Each module does one thing and starts itself.
import "./session.js";
import "./toasts.js";
import "./dialogs.js";
import "./queue.js";
import "./decisions.js";
import "./page.js";
import "./keys.js";
import "./live.js";
