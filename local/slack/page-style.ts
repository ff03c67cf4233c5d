/** Style of the channel page: near to Slack's own, light and dark by the reader's setting. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1d1c1d, #d1d2d3);
  --strong: light-dark(#1d1c1d, #f8f8f8);
  --muted: light-dark(#616061, #ababad);
  --line: light-dark(#dddddd, #35373b);
  --page: light-dark(#ffffff, #1a1d21);
  --hover: light-dark(#f8f8f8, #222529);
  --link: light-dark(#1264a3, #1d9bd1);
  --code: light-dark(#c01343, #e8912d);
  --code-page: light-dark(#f6f6f6, #222529);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 15px/1.467 Lato, "Helvetica Neue", "Segoe UI", system-ui, "Noto Color Emoji", sans-serif;
}
header {
  position: sticky; top: 0; z-index: 1; display: flex; gap: 4px 16px; align-items: baseline; flex-wrap: wrap;
  padding: 12px 20px; background: var(--page); border-bottom: 1px solid var(--line);
}
header h1 { margin: 0; font-size: 18px; color: var(--strong); }
header p { margin: 0; font-size: 13px; color: var(--muted); }
main { padding: 8px 0 32px; }
.empty { padding: 48px 20px; text-align: center; color: var(--muted); }
.day { display: flex; align-items: center; padding: 12px 20px; font-size: 13px; font-weight: 700; }
.day::before, .day::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.day span { padding: 3px 14px; border: 1px solid var(--line); border-radius: 24px; }
article { display: flex; gap: 8px; padding: 8px 20px; }
article.reply { margin-left: 44px; border-left: 2px solid var(--line); }
article img { display: block; max-width: 100%; margin-top: 6px; border: 1px solid var(--line); border-radius: 8px; }
.edited { color: var(--muted); font-size: 12px; }
article:hover { background: var(--hover); }
.avatar {
  flex: none; width: 36px; height: 36px; border-radius: 6px; background: #1f6f54; color: #fff;
  font: 700 22px/33px Georgia, serif; text-align: center;
}
.message { flex: 1; min-width: 0; max-width: 720px; }
.by { line-height: 1.3; }
.by b { color: var(--strong); font-weight: 900; }
.app {
  padding: 1px 4px; border-radius: 2px; background: light-dark(#e8e8e8, #35373b); color: var(--muted);
  font-size: 10px; font-weight: 700; vertical-align: 1px;
}
.by time { font-size: 12px; color: var(--muted); }
h2 { margin: 6px 0 4px; font-size: 18px; line-height: 1.33; color: var(--strong); }
p { margin: 0; }
.section { margin: 4px 0 6px; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 4px 0 8px; }
.context { display: flex; flex-wrap: wrap; gap: 2px 8px; margin: 4px 0; font-size: 12px; color: var(--muted); }
hr { margin: 10px 0; border: 0; border-top: 1px solid var(--line); }
.aside { margin: 6px 0; padding: 2px 0 2px 12px; border-left: 4px solid var(--bar); border-radius: 2px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
strong { color: var(--strong); }
code, pre { font: 12px/1.5 Menlo, Consolas, "DejaVu Sans Mono", monospace; font-variant-ligatures: none; }
code { padding: 2px 3px 1px; border: 1px solid var(--line); border-radius: 3px; background: var(--code-page); color: var(--code); }
pre {
  margin: 4px 0; padding: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--code-page);
  white-space: pre-wrap;
}
blockquote { margin: 4px 0; padding-left: 12px; border-left: 4px solid var(--line); }
.mention { padding: 0 2px 1px; border-radius: 3px; background: light-dark(#fdf2cf, #453919); color: light-dark(#5c4406, #f2c744); }
@media (max-width: 560px) { .fields { grid-template-columns: 1fr; } }
`;
