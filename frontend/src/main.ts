import "../../src/heliobus/web/assets/tokens.css";
import "../../src/heliobus/web/assets/plain.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";

mount(App, { target: document.body });
