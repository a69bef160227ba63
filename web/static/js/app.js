// What every page loads: htmx, and a few small courtesies. Nothing here is
// needed to use a page; every control works as a link, a form or a details.
import "../vendor/htmx/htmx.min.js";
import { menus } from "./menus.js";
import { share } from "./share.js";
import { errors } from "./errors.js";
import { views } from "./views.js";
import { marks } from "./marks.js";
import { tabs } from "./tabs.js";

menus(document);
share(document);
errors(document);
views(document);
marks(document);
tabs(document);
