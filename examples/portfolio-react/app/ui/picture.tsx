import type { Image, Variant } from '@lontar/client';

interface Props {
  image: Image;
  sizes: string;
  className?: string;
  /** What is seen at once is fetched at once. */
  isFirst?: boolean;
  /** Beside a name that says the same. */
  isDecorative?: boolean;
}

const FORMATS = ['image/avif', 'image/webp'] as const;

function sourceSet(variants: Variant[], mime: string): string | undefined {
  const found = variants.filter((variant) => variant.mime === mime);
  return found.map((variant) => `${variant.url} ${variant.width}w`).join(', ') || undefined;
}

/**
 * A picture in every width and format the CMS made, on its dominant colour. The colour is an SVG's
 * fill: a style attribute would need a hole in the content security policy.
 */
export function Picture({ image, sizes, className = '', isFirst = false, isDecorative = false }: Props) {
  const { variants, width, height } = image;
  // Variants may be cut to another shape than the original: theirs is what is shown.
  const shown = variants.at(-1) ?? { width: width ?? undefined, height: height ?? undefined };
  return (
    <span className={`picture ${className}`}>
      {image.dominant_color && (
        <svg className="placeholder" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 1 1">
          <rect width="1" height="1" fill={image.dominant_color} />
        </svg>
      )}
      <picture>
        {FORMATS.map((mime) => {
          const srcSet = sourceSet(variants, mime);
          return srcSet && <source key={mime} type={mime} srcSet={srcSet} sizes={sizes} />;
        })}
        <img
          src={image.url}
          srcSet={sourceSet(variants, image.mime)}
          sizes={sizes}
          alt={isDecorative ? '' : image.alt}
          width={shown.width}
          height={shown.height}
          loading={isFirst ? 'eager' : 'lazy'}
          fetchPriority={isFirst ? 'high' : 'auto'}
          decoding="async"
        />
      </picture>
    </span>
  );
}
