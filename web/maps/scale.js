// The scale bar; Leaflet's own says no less than a metre.
const L = window.L;

export const Scale = L.Control.Scale.extend({
  _updateMetric(metres) {
    const [unit, per] = metres >= 1000 ? ["km", 1000] : metres >= 1 ? ["m", 1] : metres >= 0.01 ? ["cm", 0.01] : ["mm", 0.001];
    const round = roundBelow(metres / per);
    this._updateScale(this._mScale, `${round} ${unit}`, (round * per) / metres);
  },
});

/** The largest of 1, 2, 3, 5 times a power of ten that is not above. */
function roundBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [5, 3, 2, 1].find((step) => step * power <= value) * power;
}
