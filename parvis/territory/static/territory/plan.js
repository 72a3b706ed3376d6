// The plan of a commune inside a form: choose parcels, draw a zone or a circle, follow a street.
//
// Reads and writes the fields of the form around [data-plan], by name:
//   shape    GeoJSON geometry of what was drawn (degrees, longitude first), or empty
//   parcels  one reference a line: « 60057 000 AB 12 » or the code of 14 characters
//   margin   metres around what was drawn or chosen, shown only
//   adresse_choisie  when a street is chosen there (« s12 »), its line becomes the shape
// Fields that are not there are left out. Each change fires `change` on the field. Without scripts the fields say it all.
// Leaflet is loaded when the plan comes into view. No tile is asked for unless data-tiles names them.
"use strict";

(() => {
  const CELL = 0.01; // degrees, of one request for parcels
  const CLOSE = 16; // the zoom at which a town shows its parcels
  const METRES = 111200;

  const load = (plan) =>
    new Promise((resolve, reject) => {
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = plan.dataset.sheet;
      const script = document.createElement("script");
      script.src = plan.dataset.leaflet;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(sheet, script);
    });

  const json = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(address);
    return answer.json();
  };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // « 60057000AB0012 » is written « 60057 000 AB 12 ».
  const reference = (code) =>
    [code.slice(0, 5), code.slice(5, 8), code.slice(8, 10).replace(/^0/, ""), Number(code.slice(10))].join(" ");

  // The code that a line means, or the line itself: the server reads it better.
  const codeOf = (line, commune) => {
    const words = line.toUpperCase().replace(/[\s,;./|_-]+/g, " ").trim();
    const whole = words.replaceAll(" ", "");
    if (/^[0-9][0-9AB][0-9]{6}[0-9A-Z]{2}[0-9]{4}$/.test(whole)) return whole;
    const found = /^(?:([0-9][0-9AB][0-9]{3}) )?(?:([0-9]{3}) )?(0?[A-Z]|[A-Z]{2}) ?([0-9]{1,4})$/.exec(words);
    if (!found) return "";
    const [, insee = commune, prefix = "000", section, number] = found;
    return insee + prefix + section.padStart(2, "0") + number.padStart(4, "0");
  };

  class Plan {
    constructor(root) {
      this.root = root;
      this.form = root.closest("form");
      this.tool = root.querySelector("[data-tool=pick]") ? "pick" : "polygon";
      this.points = [];
      this.past = [];
      this.cells = new Set();
      this.known = new Map();
      this.words = Object.fromEntries(
        [...root.querySelector("[data-words]").content.querySelectorAll("[data-word]")].map((one) => [
          one.dataset.word,
          one.textContent,
        ]),
      );
    }

    field(name) {
      return this.form?.elements.namedItem(name) ?? null;
    }

    read(name) {
      return this.field(name)?.value ?? "";
    }

    write(name, value) {
      const field = this.field(name);
      if (!field || field.value === value) return;
      field.value = value;
      this.writing = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      this.writing = false;
    }

    say(word) {
      this.root.querySelector("[data-status]").textContent = word ? this.words[word] : "";
    }

    async start() {
      const map = (this.map = L.map(this.root.querySelector("[data-map]"), {
        preferCanvas: true,
        zoomControl: false,
        attributionControl: Boolean(this.root.dataset.tiles),
        maxZoom: 20,
        zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      }));
      // By the object model: the policy of the site lets no style be written in a page.
      map.getContainer().style.background = "var(--sunken)";
      map.attributionControl?.setPrefix(false);
      L.control.scale({ imperial: false }).addTo(map);
      if (this.root.dataset.tiles)
        L.tileLayer(this.root.dataset.tiles, { attribution: this.root.dataset.credit, maxZoom: 20 }).addTo(map);
      this.names = L.layerGroup().addTo(map);
      this.layer = L.geoJSON(null, {
        style: (feature) => this.style(feature.id),
        onEachFeature: (feature, layer) => {
          this.known.set(feature.id, layer);
          layer.on("click", (event) => {
            if (this.tool !== "pick") return;
            L.DomEvent.stop(event);
            this.toggle(feature.id);
          });
          layer.bindTooltip(reference(feature.id), { sticky: true, direction: "top" });
        },
      });
      const outline = await json(this.root.dataset.outline);
      this.border = L.geoJSON(outline, { interactive: false, style: () => this.edge() }).addTo(map);
      this.layer.addTo(map);
      this.drawn = L.geoJSON(null, { interactive: false, style: () => this.ink() }).addTo(map);
      this.sketch = L.layerGroup().addTo(map);
      this.listen();
      this.redraw();
      const chosen = this.codes();
      if (chosen.length) await this.ask(`codes=${chosen.slice(0, 100).join(",")}`, true);
      const around = [this.drawn.getBounds(), ...chosen.map((code) => this.known.get(code)?.getBounds())];
      const bounds = around.reduce((all, one) => (one?.isValid() ? all.extend(one) : all), L.latLngBounds([]));
      if (bounds.isValid()) map.fitBounds(bounds.pad(0.6), { maxZoom: 18 });
      else await this.begin(outline);
      this.pick(this.tool);
      this.show();
    }

    // With nothing chosen yet: the whole of a village, or where the parcels known of a town are.
    async begin() {
      this.map.fitBounds(this.border.getBounds());
      const all = await this.ask("", false);
      if (!all.truncated) this.whole = true;
      const parcels = this.layer.getBounds();
      if (parcels.isValid()) this.map.fitBounds(parcels, { maxZoom: 18 });
    }

    async ask(query, cached) {
      const found = await json(this.root.dataset.src + (query ? `?${query}` : ""));
      this.layer.addData(found.features.filter((one) => !this.known.has(one.id)));
      if (!cached) this.label(found.streets);
      return found;
    }

    label(streets) {
      for (const [name, lon, lat] of streets) {
        if (this.cells.has(name + lon)) continue;
        this.cells.add(name + lon);
        const html = Object.assign(document.createElement("span"), { textContent: name });
        const icon = L.divIcon({ className: "plan__street", html, iconSize: null });
        L.marker([lat, lon], { icon, interactive: false, keyboard: false }).addTo(this.names);
      }
    }

    // The parcels of the cells in view, each asked for once.
    async show() {
      const close = this.map.getZoom() >= CLOSE;
      if (close !== this.map.hasLayer(this.names)) this.map[close ? "addLayer" : "removeLayer"](this.names);
      if (this.whole || !this.root.querySelector("[data-tool=pick]")) return;
      if (!close) {
        this.say("closer");
        return;
      }
      const view = this.map.getBounds();
      let some = false;
      for (let x = Math.floor(view.getWest() / CELL); x <= view.getEast() / CELL; x += 1)
        for (let y = Math.floor(view.getSouth() / CELL); y <= view.getNorth() / CELL; y += 1) {
          if (this.cells.has(`${x} ${y}`)) continue;
          this.cells.add(`${x} ${y}`);
          const box = [x, y, x + 1, y + 1].map((side) => (side * CELL).toFixed(2)).join(",");
          some ||= (await this.ask(`box=${box}`, false)).truncated;
        }
      this.say(some ? "some" : this.tool);
    }

    codes() {
      const lines = this.read("parcels").split("\n");
      return [...new Set(lines.map((line) => codeOf(line, this.root.dataset.commune)).filter(Boolean))];
    }

    toggle(code) {
      this.keep();
      const { commune } = this.root.dataset;
      const lines = this.read("parcels").split("\n").filter((line) => line.trim());
      const others = lines.filter((line) => codeOf(line, commune) !== code);
      if (others.length === lines.length) others.push(reference(code));
      this.write("parcels", others.join("\n"));
      this.paint();
    }

    style(code) {
      const taken = this.taken?.has(code);
      return {
        color: colour(taken ? "--green" : "--edge"),
        weight: taken ? 2.5 : 0.8,
        fillColor: colour(taken ? "--green" : "--surface"),
        fillOpacity: taken ? 0.45 : this.root.dataset.tiles ? 0.05 : 0.6,
      };
    }

    edge() {
      return { color: colour("--ink-2"), weight: 1.5, fill: false, dashArray: "5 4" };
    }

    ink() {
      return { color: colour("--brick"), weight: 2.5, fillColor: colour("--brick"), fillOpacity: 0.15 };
    }

    paint() {
      this.taken = new Set(this.codes());
      this.layer.setStyle((feature) => this.style(feature.id));
    }

    // What the fields say, on the plan.
    redraw() {
      this.drawn.clearLayers();
      try {
        if (this.read("shape")) this.drawn.addData(JSON.parse(this.read("shape")));
      } catch {
        // What was pasted is not a shape: the server says so.
      }
      this.paint();
      this.root.querySelector("[data-do=undo]").disabled = !this.past.length && !this.points.length;
    }

    keep() {
      this.past.push([this.read("shape"), this.read("parcels")]);
      this.root.querySelector("[data-do=undo]").disabled = false;
    }

    undo() {
      if (this.points.length) this.points.pop();
      else if (this.past.length) {
        const [shape, parcels] = this.past.pop();
        this.write("shape", shape);
        this.write("parcels", parcels);
      }
      this.trace();
      this.redraw();
    }

    pick(tool) {
      this.tool = tool;
      this.points = [];
      this.trace();
      for (const button of this.root.querySelectorAll("[data-tool]"))
        button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
      this.map.getContainer().classList.toggle("plan__map--drawing", tool !== "pick");
      this.say(tool);
    }

    click(at) {
      if (this.tool === "pick") return;
      this.points.push([at.lng, at.lat]);
      if (this.tool === "circle" && this.points.length === 2) this.circle();
      this.trace();
      this.root.querySelector("[data-do=undo]").disabled = false;
    }

    // The corners so far.
    trace() {
      this.sketch.clearLayers();
      const corners = this.points.map(([lon, lat]) => [lat, lon]);
      if (corners.length > 1) L.polyline(corners, { ...this.ink(), fill: false }).addTo(this.sketch);
      for (const corner of corners) L.circleMarker(corner, { ...this.ink(), radius: 5, fillOpacity: 1 }).addTo(this.sketch);
      this.root.querySelector("[data-do=finish]").hidden = this.tool !== "polygon" || corners.length < 1;
    }

    circle() {
      const [[lon, lat], edge] = this.points;
      const squeeze = Math.cos((lat * Math.PI) / 180);
      const radius = Math.max(5, Math.hypot((edge[0] - lon) * squeeze, edge[1] - lat) * METRES) / METRES;
      this.points = Array.from({ length: 48 }, (_, step) => {
        const turn = (2 * Math.PI * step) / 48;
        return [lon + (Math.cos(turn) * radius) / squeeze, lat + Math.sin(turn) * radius];
      });
      this.finish();
    }

    finish() {
      if (this.points.length < 3) {
        this.say("few");
        return;
      }
      const ring = [...this.points, this.points[0]].map((point) => point.map((side) => Number(side.toFixed(7))));
      this.points = [];
      this.keep();
      this.write("shape", JSON.stringify({ type: "Polygon", coordinates: [ring] }));
      this.trace();
      this.redraw();
    }

    async follow(number) {
      const street = await json(`${this.root.dataset.streets}${number}.json`);
      this.keep();
      this.write("shape", JSON.stringify(street.geometry));
      this.redraw();
      if (this.drawn.getBounds().isValid()) this.map.fitBounds(this.drawn.getBounds().pad(0.4), { maxZoom: 18 });
    }

    listen() {
      this.root.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button?.dataset.tool) this.pick(button.dataset.tool);
        else if (button?.dataset.do === "undo") this.undo();
        else if (button?.dataset.do === "finish") this.finish();
        else if (button?.dataset.do === "in") this.map.zoomIn();
        else if (button?.dataset.do === "out") this.map.zoomOut();
      });
      this.map.on("click", (event) => this.click(event.latlng));
      this.map.on("moveend", () => this.show().catch(() => this.say("lost")));
      this.form?.addEventListener("change", (event) => {
        if (this.writing) return;
        const { name, value } = event.target;
        if (name === "shape" || name === "parcels") this.redraw();
        if (name === "adresse_choisie" && value.startsWith("s"))
          this.follow(value.slice(1)).catch(() => this.say("lost"));
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        this.border.setStyle(() => this.edge());
        this.redraw();
      });
    }
  }

  for (const root of document.querySelectorAll("[data-plan]")) {
    root.hidden = false;
    const seen = new IntersectionObserver(async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      const plan = new Plan(root);
      try {
        if (!window.L) await load(root);
        await plan.start();
        root.dataset.ready = "1";
      } catch {
        plan.say("lost");
      }
    });
    seen.observe(root);
  }
})();
