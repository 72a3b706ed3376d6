// The plan of a commune inside a form: choose parcels, draw a zone or a circle, follow a street, place a point.
//
// Reads and writes the fields of the form around [data-plan], by name:
//   shape    GeoJSON geometry of what was drawn (degrees, longitude first), or empty
//   parcels  one reference a line: « 60057 000 AB 12 » or the code of 14 characters
//   street   the name of a street; where there is no such field its line becomes the shape
//   centre   an address one draws around: emptied when something is drawn, for only one of these four says where
//   margin   metres around what was drawn or chosen: a slider here, and shown
//   point    « longitude,latitude » of one place
//   adresse_choisie  when a street is chosen there (« s12 »), it is followed
// Fields that are not there are left out. Each change fires `change` on the field. Without scripts the fields say it all.
// By keyboard: arrows move the plan, Enter acts at its middle. Leaflet is loaded when the plan comes into view; no tile
// is asked for unless data-tiles names them.
"use strict";

(() => {
  const CELL = 0.01; // degrees, of one request for parcels
  const CLOSE = 16; // the zoom at which a town shows its parcels
  const NUMBERS = 18; // and its numbers, so many at most
  const MOST_NUMBERS = 250;
  const METRES = 111200;
  const NEAR = 60; // metres from a click to a door of the street it means
  const WAYS = ["shape", "parcels", "street", "centre"];

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

  // The code that a line means, or nothing: the server reads it better.
  const codeOf = (line, commune) => {
    const words = line.toUpperCase().replace(/[\s,;./|_-]+/g, " ").trim();
    const whole = words.replaceAll(" ", "");
    if (/^[0-9][0-9AB][0-9]{6}[0-9A-Z]{2}[0-9]{4}$/.test(whole)) return whole;
    const found = /^(?:([0-9][0-9AB][0-9]{3}) )?(?:([0-9]{3}) )?(0?[A-Z]|[A-Z]{2}) ?([0-9]{1,4})$/.exec(words);
    if (!found) return "";
    const [, insee = commune, prefix = "000", section, number] = found;
    return insee + prefix + section.padStart(2, "0") + number.padStart(4, "0");
  };

  const holds = (ring, lon, lat) => {
    let inside = false;
    for (let one = 0, last = ring.length - 1; one < ring.length; last = one, one += 1) {
      const [[x, y], [u, v]] = [ring[one], ring[last]];
      if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) inside = !inside;
    }
    return inside;
  };

  const contains = ({ type, coordinates }, { lng, lat }) =>
    (type === "Polygon" ? [coordinates] : coordinates).some(
      ([outer, ...holes]) => holds(outer, lng, lat) && !holes.some((hole) => holds(hole, lng, lat)),
    );

  const dot = (_feature, at) => L.circleMarker(at, { radius: 4 });

  class Plan {
    constructor(root) {
      this.root = root;
      this.form = root.closest("form");
      this.tool = root.querySelector("[data-tool]").dataset.tool;
      this.points = [];
      this.past = [];
      this.cells = new Set();
      this.known = new Map();
      this.doors = [];
      this.followed = null;
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

    // Only one way says where.
    writeAlone(name, value) {
      for (const other of WAYS) if (other !== name) this.write(other, "");
      this.write(name, value);
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
      map.getContainer().style.background = "var(--surface)";
      map.attributionControl?.setPrefix(false);
      const scale = L.control.scale({ imperial: false }).addTo(map).getContainer().firstChild;
      Object.assign(scale.style, { background: "var(--surface)", color: "var(--ink)", borderColor: "var(--ink)", textShadow: "none" });
      if (this.root.dataset.tiles)
        L.tileLayer(this.root.dataset.tiles, { attribution: this.root.dataset.credit, maxZoom: 20 }).addTo(map);
      this.lay();
      const outline = await json(this.root.dataset.outline);
      this.border = L.geoJSON(outline, { interactive: false, style: () => this.edge() }).addTo(map);
      for (const { properties, geometry } of outline.features.slice(1)) this.name(properties.name, geometry);
      this.slide();
      this.listen();
      await this.fetchChosen();
      this.redraw();
      const bounds = this.chosen();
      if (bounds.isValid()) map.fitBounds(bounds.pad(0.25), { maxZoom: 18 });
      else await this.begin();
      this.pick(this.tool);
      await this.show();
      // The plan shows what the list says; what is wrong with it stays in sight.
      const list = this.form?.querySelector("details[data-list]");
      if (list && !list.querySelector(".error")) list.open = false;
    }

    // What is drawn, from the ground up.
    lay() {
      const around = this.map.createPane("around");
      Object.assign(around.style, { zIndex: 420, opacity: 0.5, pointerEvents: "none" });
      this.renderer = L.canvas({ pane: "around" });
      this.layer = L.geoJSON(null, {
        style: (feature) => this.style(feature.id),
        onEachFeature: (feature, layer) => {
          this.known.set(feature.id, layer);
          layer.bindTooltip(reference(feature.id), { sticky: true, direction: "top" });
        },
      }).addTo(this.map);
      this.houses = L.layerGroup().addTo(this.map);
      this.around = L.layerGroup().addTo(this.map);
      const plain = { interactive: false, pointToLayer: dot };
      this.drawn = L.geoJSON(null, { ...plain, style: () => this.ink() }).addTo(this.map);
      this.aimed = L.geoJSON(null, { ...plain, style: () => ({ ...this.ink(), dashArray: "6 5" }) }).addTo(this.map);
      if (this.root.dataset.target) this.aimed.addData(JSON.parse(this.root.dataset.target));
      this.names = L.layerGroup().addTo(this.map);
      this.sketch = L.layerGroup().addTo(this.map);
    }

    // With nothing chosen yet: the whole of a village, or where the parcels known of a town are.
    async begin() {
      this.map.fitBounds(this.border.getBounds());
      const all = await this.ask("", false);
      if (!all.truncated) this.whole = true;
      const parcels = this.layer.getBounds();
      if (parcels.isValid()) this.map.fitBounds(parcels, { maxZoom: 18 });
    }

    chosen() {
      const layers = [this.drawn, this.aimed, ...this.codes().map((code) => this.known.get(code))];
      if (this.pin) layers.push(this.pin);
      const boxes = layers.filter(Boolean).map((one) => one.getBounds?.() ?? L.latLngBounds([one.getLatLng()]));
      return boxes.reduce((all, one) => (one.isValid() ? all.extend(one) : all), L.latLngBounds([]));
    }

    async ask(query, cached) {
      const found = await json(this.root.dataset.src + (query ? `?${query}` : ""));
      this.layer.addData(found.features.filter((one) => !this.known.has(one.id)));
      if (!cached) {
        for (const [name, lon, lat] of found.streets) this.label(name, [lat, lon], "plan__street");
        this.doors.push(...found.doors);
      }
      return found;
    }

    // Parcels that the list names and the plan has not seen yet.
    async fetchChosen() {
      const unseen = this.codes().filter((code) => !this.known.has(code));
      for (let start = 0; start < Math.min(unseen.length, 500); start += 100)
        await this.ask(`codes=${unseen.slice(start, start + 100).join(",")}`, true);
    }

    label(name, at, style) {
      if (this.cells.has(name + at)) return;
      this.cells.add(name + at);
      const html = Object.assign(document.createElement("span"), { textContent: name });
      const icon = L.divIcon({ className: style, html, iconSize: null });
      L.marker(at, { icon, interactive: false, keyboard: false }).addTo(this.names);
    }

    name(text, geometry) {
      const bounds = L.geoJSON(geometry).getBounds();
      this.label(text, [bounds.getNorth(), bounds.getCenter().lng], "plan__street plan__street--zone");
    }

    // The parcels and doors of the cells in view, each asked for once.
    async show() {
      const close = this.map.getZoom() >= CLOSE;
      if (close !== this.map.hasLayer(this.names)) this.map[close ? "addLayer" : "removeLayer"](this.names);
      let some = false;
      if (!this.whole && close) {
        const view = this.map.getBounds();
        for (let x = Math.floor(view.getWest() / CELL); x <= view.getEast() / CELL; x += 1)
          for (let y = Math.floor(view.getSouth() / CELL); y <= view.getNorth() / CELL; y += 1) {
            if (this.cells.has(`${x} ${y}`)) continue;
            this.cells.add(`${x} ${y}`);
            const box = [x, y, x + 1, y + 1].map((side) => (side * CELL).toFixed(2)).join(",");
            some ||= (await this.ask(`box=${box}`, false)).truncated;
          }
      }
      this.number();
      if (!close && !this.whole && ["pick", "street"].includes(this.tool)) this.say("closer");
      else this.say(some ? "some" : this.tool);
    }

    // A dot for each door in view; its number when one is near enough to read it.
    number() {
      this.houses.clearLayers();
      const zoom = this.map.getZoom();
      if (zoom < CLOSE + 1) return;
      const view = this.map.getBounds();
      const seen = this.doors.filter(([lon, lat]) => view.contains([lat, lon])).slice(0, 4 * MOST_NUMBERS);
      const numbered = zoom >= NUMBERS && seen.length <= MOST_NUMBERS;
      for (const [lon, lat, label] of seen) {
        const html = Object.assign(document.createElement("span"), { textContent: label });
        const icon = numbered && L.divIcon({ className: "plan__number", html, iconSize: null });
        const mark = numbered
          ? L.marker([lat, lon], { icon, interactive: false, keyboard: false })
          : L.circleMarker([lat, lon], { radius: 2, stroke: false, fillColor: colour("--edge"), fillOpacity: 1, interactive: false });
        mark.addTo(this.houses);
      }
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
      this.followed = null;
      this.writeAlone("parcels", others.join("\n"));
      this.touched();
    }

    style(code) {
      const taken = this.taken?.has(code);
      return {
        color: colour(taken ? "--green" : "--edge"),
        weight: taken ? 2 : 1,
        fillColor: colour(taken ? "--green" : "--sunken"),
        fillOpacity: taken ? 0.45 : this.root.dataset.tiles ? 0.05 : 1,
      };
    }

    edge() {
      return { color: colour("--edge"), weight: 1.5, fill: false, dashArray: "5 4" };
    }

    ink() {
      return { color: colour("--green"), weight: 2, fillColor: colour("--green"), fillOpacity: 0.2 };
    }

    // Something changed: what the server drew of the former choice is no longer true.
    touched() {
      this.aimed.clearLayers();
      this.redraw();
    }

    // What the fields say, on the plan.
    redraw() {
      this.drawn.clearLayers();
      try {
        if (this.read("shape")) this.drawn.addData(JSON.parse(this.read("shape")));
      } catch {
        // What was pasted is not a shape: the server says so.
      }
      if (this.followed && this.read("street") === this.followed.properties.name) this.drawn.addData(this.followed);
      this.taken = new Set(this.codes());
      this.layer.setStyle((feature) => this.style(feature.id));
      this.mark();
      this.widen();
      this.count();
      this.root.querySelector("[data-do=undo]").disabled = !this.past.length && !this.points.length;
    }

    mark() {
      this.pin?.remove();
      this.pin = null;
      const [lon, lat] = this.read("point").split(",").map(Number);
      if (!this.read("point") || !Number.isFinite(lon) || !Number.isFinite(lat)) return;
      this.pin = L.circleMarker([lat, lon], { ...this.ink(), radius: 9, fillOpacity: 0.6, interactive: false }).addTo(this.map);
    }

    // The margin: the same lines, twice as wide as it, and a rim around them. The server alone measures it exactly.
    widen() {
      this.around.clearLayers();
      const metres = Number(this.read("margin"));
      const shapes = [...this.taken].map((code) => this.known.get(code)?.feature).filter(Boolean);
      shapes.push(...this.drawn.getLayers().map((layer) => layer.toGeoJSON()));
      if (!metres || this.map.getZoom() === undefined || this.aimed.getLayers().length) return;
      const { lat } = this.map.getCenter();
      const wide = (2 * metres * 256 * 2 ** this.map.getZoom()) / (360 * METRES * Math.cos((lat * Math.PI) / 180));
      const how = { renderer: this.renderer, pane: "around", interactive: false, fillOpacity: 1 };
      for (const [name, rim] of [["--green", 3], ["--green-tint", 0]]) {
        const style = { ...how, color: colour(name), fillColor: colour(name), weight: wide + rim };
        const point = (_feature, at) => L.circleMarker(at, { ...how, radius: 1 });
        L.geoJSON(shapes, { ...how, style, pointToLayer: point }).addTo(this.around);
      }
    }

    count() {
      const said = [];
      if (this.taken.size) said.push(this.words[this.taken.size > 1 ? "many" : "one"].replace("%s", this.taken.size));
      if (this.followed && this.read("street") === this.followed.properties.name) said.push(this.followed.properties.name);
      else if (this.read("shape")) said.push(this.words.drawn);
      if (this.pin) said.push(this.words.placed);
      if (said.length && Number(this.read("margin"))) said.push(this.words.margin.replace("%s", this.read("margin")));
      this.root.querySelector("[data-count]").textContent = said.join(", ");
    }

    keep() {
      const fields = Object.fromEntries([...WAYS, "point"].map((name) => [name, this.read(name)]));
      this.past.push([fields, this.followed]);
    }

    undo() {
      if (this.points.length) this.points.pop();
      else if (this.past.length) {
        const [fields, followed] = this.past.pop();
        this.followed = followed;
        for (const [name, value] of Object.entries(fields)) this.write(name, value);
      }
      this.trace();
      this.touched();
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

    // What a click does there, or Enter in the middle.
    act(at) {
      const acts = { pick: () => this.take(at), street: () => this.walk(at), point: () => this.place(at) };
      (acts[this.tool] ?? (() => this.corner(at)))();
    }

    take(at) {
      for (const layer of this.known.values())
        if (layer.getBounds().contains(at) && contains(layer.feature.geometry, at)) return this.toggle(layer.feature.id);
      return this.say("none");
    }

    walk({ lng, lat }) {
      const squeeze = Math.cos((lat * Math.PI) / 180);
      const away = ([lon, north]) => Math.hypot((lon - lng) * squeeze, north - lat) * METRES;
      const door = this.doors.reduce((best, one) => (!best || away(one) < away(best) ? one : best), null);
      if (!door || away(door) > NEAR) return this.say("no_street");
      return this.follow(door[3]).catch(() => this.say("lost"));
    }

    place(at) {
      this.keep();
      this.write("point", `${at.lng.toFixed(6)},${at.lat.toFixed(6)}`);
      for (const one of this.form.querySelectorAll("[name=adresse_choisie]:checked")) one.checked = false;
      this.redraw();
    }

    corner(at) {
      this.points.push([at.lng, at.lat]);
      if (this.tool === "circle" && this.points.length === 2) this.circle();
      this.trace();
      this.root.querySelector("[data-do=undo]").disabled = false;
    }

    // The corners so far.
    trace() {
      this.sketch.clearLayers();
      const corners = this.points.map(([lon, lat]) => [lat, lon]);
      const line = { ...this.ink(), interactive: false };
      if (corners.length > 1) L.polyline(corners, { ...line, fill: false }).addTo(this.sketch);
      for (const corner of corners) L.circleMarker(corner, { ...line, radius: 5, fillOpacity: 1 }).addTo(this.sketch);
      const finish = this.root.querySelector("[data-do=finish]");
      if (finish) finish.hidden = this.tool !== "polygon" || corners.length < 1;
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
      this.followed = null;
      this.writeAlone("shape", JSON.stringify({ type: "Polygon", coordinates: [ring] }));
      this.trace();
      this.touched();
    }

    async follow(number) {
      const street = await json(`${this.root.dataset.streets}${number}.json`);
      this.keep();
      this.followed = this.field("street") ? street : null;
      if (this.followed) this.writeAlone("street", street.properties.name);
      else this.writeAlone("shape", JSON.stringify(street.geometry));
      this.touched();
      if (this.drawn.getBounds().isValid()) this.map.fitBounds(this.drawn.getBounds().pad(0.4), { maxZoom: 18 });
    }

    // The margin becomes a slider whose value one reads.
    slide() {
      const field = this.field("margin");
      if (!field) return;
      // A slider would round what was typed elsewhere, and without margin a notice goes out otherwise.
      if (Number(field.value) % Number(field.step)) field.step = 1;
      field.type = "range";
      const said = this.form.querySelector("[data-margin]");
      const ticks = this.form.querySelector("[data-ticks]");
      if (ticks) ticks.hidden = false;
      const tell = () => {
        if (said) said.textContent = `\u00a0: ${field.value}`;
        field.setAttribute("aria-valuetext", `${field.value} m`);
      };
      field.addEventListener("input", () => {
        tell();
        this.touched();
      });
      tell();
    }

    listen() {
      this.root.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button?.dataset.tool) {
          this.pick(button.dataset.tool);
          this.show().catch(() => this.say("lost"));
        } else if (button?.dataset.do === "undo") this.undo();
        else if (button?.dataset.do === "finish") this.finish();
        else if (button?.dataset.do === "in") this.map.zoomIn();
        else if (button?.dataset.do === "out") this.map.zoomOut();
      });
      this.map.on("click", (event) => this.act(event.latlng));
      this.map.on("zoomend", () => this.widen());
      this.map.on("moveend", () => this.show().catch(() => this.say("lost")));
      this.map.getContainer().addEventListener("keydown", (event) => {
        if (event.target !== this.map.getContainer() || !["Enter", " "].includes(event.key)) return;
        event.preventDefault();
        this.act(this.map.getCenter());
      });
      this.form?.addEventListener("change", (event) => this.changed(event.target).catch(() => this.say("lost")));
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        this.border.setStyle(() => this.edge());
        this.redraw();
        this.number();
      });
    }

    // Someone wrote in a field.
    async changed({ name, value }) {
      if (this.writing) return;
      if (name === "parcels") await this.fetchChosen();
      if ([...WAYS, "radius", "point"].includes(name)) this.touched();
      if (name === "parcels" && this.chosen().isValid()) this.map.fitBounds(this.chosen().pad(0.25), { maxZoom: 18 });
      if (name === "adresse_choisie") {
        this.write("point", "");
        this.redraw();
      }
      if (name === "adresse_choisie" && value.startsWith("s")) await this.follow(value.slice(1));
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
