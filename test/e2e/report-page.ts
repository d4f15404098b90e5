// What a test looks at in the page of a report, beyond its texts.
import type { Page } from 'playwright-core';

/** What the page asks the network for, and what it says in the console, from now on. */
export function watched(page: Page): { readonly requests: string[]; readonly messages: string[] } {
  const requests: string[] = [];
  const messages: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => messages.push(error.message));
  page.on('console', (message) => messages.push(message.text()));
  return { requests, messages };
}

/** Of each chart: how many of its pixels have a colour of the palette, and the one that most have. */
export async function chartColours(
  page: Page,
): Promise<readonly { readonly title: string; readonly pixels: number; readonly colour: string }[]> {
  return page.evaluate(`(() => {
    const style = getComputedStyle(document.documentElement);
    const palette = new Map();
    for (let at = 1; at <= 7; at++) {
      const colour = style.getPropertyValue('--line-' + at).trim();
      palette.set(parseInt(colour.slice(1), 16), colour);
    }
    return [...document.querySelectorAll('figure')].map((figure) => {
      const canvas = figure.querySelector('canvas');
      // a copy: the chart's own canvas would warn of being read again and again
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      const counts = new Map();
      for (let at = 0; at < data.length; at += 4) {
        const colour = palette.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
        if (colour && data[at + 3] === 255) counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      const [colour = '', pixels = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
      return { title: figure.querySelector('h3').textContent, pixels, colour };
    });
  })()`);
}

/** 0 is black, 255 white. */
export async function lightness(page: Page): Promise<number> {
  const colour = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  const parts =
    colour
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? [];
  return parts.reduce((sum, part) => sum + part, 0) / 3;
}

/** Of all that can be used or read as one thing: those of which a screen reader could not say what they are. */
export async function nameless(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('button, a, input, select, table, [tabindex], nav, section')]
    .filter((element) => {
      const label = document.getElementById(element.getAttribute('aria-labelledby') ?? '') ?? element.labels?.[0];
      const own = ['BUTTON', 'A'].includes(element.tagName) ? element : element.caption;
      return !(element.getAttribute('aria-label') || label?.textContent.trim() || own?.textContent.trim());
    })
    .map((element) => element.outerHTML.slice(0, 200))`);
}

/** Texts whose contrast with what is behind them is under 4.5 : 1. */
export async function faint(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => numbers(colour).slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if ((numbers(backgroundColor)[3] ?? 1) === 1) return backgroundColor;
      }
      return 'rgb(255, 255, 255)';
    };
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.checkVisibility() && !element.closest('script, style'))
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
      .flatMap((element) => {
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        return contrast < 4.5 ? [contrast.toFixed(2) + ' ' + element.outerHTML.slice(0, 100)] : [];
      });
  })()`);
}
