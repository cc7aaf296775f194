// What every page begins with, written once: a page's source says `<!-- frame: 任务 | 进度与结果 | #content -->`.

const HEAD = `<meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="../shared/page.css">
  <link rel="stylesheet" href="../shared/parts.css">`;

const frame = (title, subtitle, skip) => `<a class="skip" href="${skip}" data-text="skip">跳到内容</a>
  <header class="head">
    <a href="/" class="mark"><img src="/icon.svg" alt="gisgov" width="34" height="34"></a>
    <div class="names">
      <h1 data-text="title">${title}</h1>
      <p id="place" data-text="subtitle">${subtitle}</p>
    </div>
    <nav>
      <div id="pages"></div>
      <div id="who"></div>
      <div id="language" role="group"></div>
    </nav>
  </header>
  <noscript><p class="alarm">本页需要 JavaScript。This page needs JavaScript.</p></noscript>`;

/** A plugin of Vite that puts the frame around each page. */
export function framed() {
  return {
    name: "frame",
    transformIndexHtml: {
      order: "pre",
      handler(html, { path }) {
        const asked = html.match(/<!-- frame: (.+?) \| (.+?) \| (#[\w-]+) -->/);
        if (!asked || !html.includes("<!-- head -->")) throw new Error(`${path} has no frame; see web/frame.mjs`);
        return html.replace("<!-- head -->", HEAD).replace(asked[0], frame(...asked.slice(1)));
      },
    },
  };
}
