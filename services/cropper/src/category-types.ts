import type { CategoryType } from '@deepstyle/contracts';

const UNCATEGORISED = 'uncategorised';

// Singular, lower case. Types follow DeepFashion (Liu et al. 2016): coats and one-pieces are worn on the whole body.
const WORDS: Readonly<Record<CategoryType, string>> = {
  upper: `
    anorak blazer blouse bodysuit bolero bomber bra button-down camisole cardigan flannel
    fleece gilet halter henley hoodie hoody jacket jersey jumper knitwear longsleeve
    outerwear outwear parka peacoat polo poncho pullover shirt shrug sweater sweatshirt
    t-shirt tank tee top tshirt tunic turtleneck undershirt vest waistcoat windbreaker`,
  lower: `
    bermuda capri chino culotte cutoff denim gaucho jean jegging jodhpur jogger kilt
    legging pant pantyhose sarong short skirt skort slack sweatpant sweatshort tight
    trouser trunk underpant`,
  full: `
    abaya caftan cape cloak coat coverall coverup dress dungaree gown jumpsuit kaftan
    kimono nightdress nightgown onesie overall overcoat pajama playsuit pyjama raincoat
    robe romper saree sari shirtdress suit sundress swimsuit swimwear trenchcoat`,
  other: `
    accessory bag belt boot cap glasses glove hat headwear heel jewellery jewelry sandal
    scarf shoe sneaker sock sunglasses tie watch`,
};

const TYPE_OF_WORD: ReadonlyMap<string, CategoryType> = new Map(
  (Object.keys(WORDS) as CategoryType[]).flatMap((type) =>
    WORDS[type]
      .trim()
      .split(/\s+/)
      .map((word) => [word, type] as const),
  ),
);

/** A category as it is stored and compared: `  T-Shirt ` and `t-shirt` are one. */
export function categoryName(category: string | null): string {
  const name = (category ?? '').normalize('NFC').trim().toLowerCase().replace(/\s+/g, ' ');
  return name === '' ? UNCATEGORISED : name;
}

/**
 * The type of a category, by its name; `other` where the name says nothing. Of several words the last known one
 * decides, as English puts the kind last: a `shirt dress` is a dress, a `denim jacket` a jacket.
 */
export function categoryTypeOf(category: string): CategoryType {
  const name = categoryName(category);
  const whole = typeOfWord(name.replaceAll(/[ _]/g, '-'));
  if (whole !== undefined) return whole;
  const words = name.split(/[^\p{L}]+/u).reverse();
  for (const word of words) {
    const type = typeOfWord(word);
    if (type !== undefined) return type;
  }
  return 'other';
}

function typeOfWord(word: string): CategoryType | undefined {
  const singulars = [word, word.replace(/s$/, ''), word.replace(/(s|x|ch|sh)es$/, '$1')];
  const found = singulars.find((form) => TYPE_OF_WORD.has(form));
  return found === undefined ? undefined : TYPE_OF_WORD.get(found);
}
