// Fills and lines of the canvas, in the colours of the style sheet.

export interface Paint {
  color: (name: string) => string;
  fill: (hue: string, pattern: string | null) => string | CanvasPattern;
  hatch: CanvasPattern | string;
  font: string;
}

export function paint(element: Element, ratio: number): Paint {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const family = style.fontFamily;
  const knock = color("knock");
  return {
    color,
    font: `${Math.round(13 * ratio)}px ${family}`,
    hatch: tile(8, ratio, color("panel"), (pen) => slants(pen, 8, color("line-2"), 1, -1)),
    fill(hue, pattern) {
      const ground = color(hue);
      switch (pattern) {
        case "p-store": return tile(10, ratio, ground, (pen) => slants(pen, 10, knock, 1.9, 1));
        case "p-grid": return tile(5, ratio, ground, (pen) => { pen.fillStyle = knock; pen.fillRect(0, 0, 5, 1.6); });
        case "p-car": return tile(7, ratio, ground, (pen) => dots(pen, knock));
        default: return ground;
      }
    },
  };
}

function tile(size: number, ratio: number, ground: string, draw: (pen: CanvasRenderingContext2D) => void): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(size * ratio);
  const pen = canvas.getContext("2d")!;
  pen.scale(canvas.width / size, canvas.height / size);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size, size);
  draw(pen);
  return pen.createPattern(canvas, "repeat") ?? ground;
}

function slants(pen: CanvasRenderingContext2D, size: number, color: string, width: number, rise: 1 | -1): void {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 2, rise > 0 ? size + 2 : -2);
    pen.lineTo(shift + size + 2, rise > 0 ? -2 : size + 2);
  }
  pen.stroke();
}

function dots(pen: CanvasRenderingContext2D, color: string): void {
  pen.fillStyle = color;
  for (const at of [2, 5.5]) {
    pen.beginPath();
    pen.arc(at, at, 1.2, 0, 7);
    pen.fill();
  }
}
