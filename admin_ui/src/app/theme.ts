/** Mantine in our clothes: warm greys, one ochre, quiet corners. */
import {
  Button,
  defaultVariantColorsResolver,
  createTheme,
  Input,
  Menu,
  Modal,
  Popover,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

const leaf: MantineColorsTuple = [
  '#faf3e4',
  '#f3e5c6',
  '#ebd3a0',
  '#e3c078',
  '#e3b667',
  '#c08c34',
  '#a06f1c',
  '#80520e',
  '#67420b',
  '#4d3107',
];
const red: MantineColorsTuple = [
  '#fbecea',
  '#f5d6d2',
  '#eeb0aa',
  '#f0958b',
  '#bf473c',
  '#b23e34',
  '#a3332a',
  '#a3332a',
  '#8a2a22',
  '#70201a',
];
const gray: MantineColorsTuple = [
  '#faf8f4',
  '#f4f1ea',
  '#e7e1d5',
  '#d9d1c2',
  '#c3baa9',
  '#948b7b',
  '#665f52',
  '#4c463b',
  '#38342b',
  '#24211b',
];
const dark: MantineColorsTuple = [
  '#ebe6db',
  '#c9c2b4',
  '#aaa294',
  '#857d6f',
  '#48443a',
  '#302d26',
  '#211f1a',
  '#171612',
  '#12110e',
  '#0c0b09',
];

/** Filled ochre is light in the dark and wants dark words on it, which Mantine does not see. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const isOurs = input.color === undefined || input.color === 'leaf';
  if (input.variant !== 'filled' || !isOurs) return colors;
  return { ...colors, color: 'var(--on-accent)' };
};

/**
 * The list of a field, inside the landmark or dialog of its field, and not cut off by what scrolls there.
 * It scrolls itself, as axe knows it of a combobox. Named in words: the fields are not fetched for it.
 */
const listed = {
  defaultProps: {
    // Open is to be seen: a field that slides out of view for a moment does not hide its list for good.
    comboboxProps: { withinPortal: false, floatingStrategy: 'fixed', hideDetached: false },
    withScrollArea: false,
    styles: { options: { maxHeight: 240, overflowY: 'auto' } },
  },
};

export const theme = createTheme({
  colors: { leaf, red, gray, dark },
  primaryColor: 'leaf',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.4,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '620' },
  variantColorResolver,
  components: {
    Button: Button.extend({ defaultProps: { fw: 550 } }),
    Input: Input.extend({ defaultProps: { size: 'sm' } }),
    // In place instead of at the end of the page: what opens stays inside its landmark.
    Menu: Menu.extend({
      defaultProps: {
        withinPortal: false,
        withInitialFocusPlaceholder: false,
        // Keys follow at once, and what an item opened keeps the focus: see MenuDropdown.
        transitionProps: { duration: 0 },
        returnFocus: false,
        // What is hidden takes no focus: a menu whose button is out of view would open unseen.
        hideDetached: false,
      },
    }),
    Popover: Popover.extend({ defaultProps: { withinPortal: false } }),
    Select: listed,
    MultiSelect: listed,
    TagsInput: listed,
    Tooltip: Tooltip.extend({ defaultProps: { withinPortal: false, openDelay: 400 } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: 'lg',
        padding: 'lg',
        overlayProps: { backgroundOpacity: 0.32, color: '#1a150c' },
        styles: { title: { fontWeight: 620 }, content: { background: 'var(--raised)' }, header: { background: 'inherit' } },
      },
    }),
  },
});

export const variables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-soft)',
    '--mantine-color-placeholder': 'var(--ink-soft)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-anchor': 'var(--accent)',
  };
  return { variables: {}, light: shared, dark: shared };
};
