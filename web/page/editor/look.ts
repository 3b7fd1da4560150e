// What the editor looks like, in the colours of the page. Kinds of words differ in weight and slant, too; where the
// reader's system sets its own colours, these are what is left.
import { EditorView } from '@codemirror/view';

const SELECTED = 'color-mix(in srgb, var(--accent) 25%, transparent)';

export const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', background: 'var(--card)' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { font: "13px/18px ui-monospace, 'DejaVu Sans Mono', monospace" },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { background: 'var(--soft)', color: 'var(--dim)', borderRight: '1px solid var(--line)' },
  '.cm-content ::selection': { background: `${SELECTED} !important` },
  '.is-comment': { color: 'var(--dim)', fontStyle: 'italic' },
  '.is-string': { color: 'var(--good)' },
  '.is-number, .is-date': { color: 'var(--warn)' },
  '.is-keyword': { color: 'var(--accent)', fontWeight: '600' },
  '.is-function': { color: 'var(--accent)' },
  '.is-value, .is-action, .is-setting, .is-panel': { fontStyle: 'italic' },
  '.is-actor, .is-role, .is-stage, .is-policy, .is-lever': { fontWeight: '600' },
  '.is-error, .is-name': { color: 'var(--bad)' },
  '.cm-lintRange-error': { background: 'color-mix(in srgb, var(--bad) 18%, transparent)', borderBottom: '2px dotted var(--bad)' },
  '.cm-lintRange-warning': { background: 'color-mix(in srgb, var(--warn) 16%, transparent)', borderBottom: '2px dotted var(--warn)' },
  '.cm-tooltip, .cm-panels': { background: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap', maxWidth: '60ch', borderLeft: '3px solid var(--line)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnosticAction': { font: 'inherit', minHeight: '24px', padding: '0 8px', background: 'var(--accent)', color: 'var(--card)', border: '0' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: 'none', font: "13px/22px ui-monospace, 'DejaVu Sans Mono', monospace" },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--accent) !important', color: 'var(--card) !important', outline: '1px solid transparent' },
  '.cm-completionDetail': { color: 'var(--dim)', fontStyle: 'normal' },
  '[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo': { font: '0.9rem/1.4 system-ui, sans-serif', maxWidth: '40ch' },
  '.cm-panel.cm-search': { font: '0.88rem/1.6 system-ui, sans-serif' },
  '.cm-panel.cm-search [name=close]': { color: 'inherit', minWidth: '24px', minHeight: '24px' },
  '.cm-textfield': { background: 'var(--card)', color: 'inherit', border: '1px solid var(--line)', minHeight: '24px' },
  '.cm-button': { background: 'var(--soft)', color: 'inherit', border: '1px solid var(--line)', minHeight: '24px' },
  '.cm-searchMatch': { background: 'color-mix(in srgb, var(--warn) 30%, transparent)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--warn)' },
});
