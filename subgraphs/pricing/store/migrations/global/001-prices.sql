-- What one piece of a variant costs on the shelf of a region.
CREATE TABLE prices (
  sku text NOT NULL,
  region text NOT NULL,
  minor bigint NOT NULL CHECK (minor > 0),
  tax_class text NOT NULL CHECK (tax_class IN ('STANDARD', 'REDUCED', 'ZERO')),
  version integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sku, region)
);

-- Whose goods a variant is, learnt from the catalogue's events: who may set its price.
CREATE TABLE variant_sellers (
  sku text PRIMARY KEY,
  seller_id text NOT NULL
);
