import type { CategoryType } from './events/fields.ts';
import { nameKey } from './names.ts';

const UNCATEGORISED = 'uncategorised';

// Singular, lower case. Types follow DeepFashion (Liu et al. 2016): coats and one-pieces are worn on the whole body.
const WORDS: Readonly<Record<CategoryType, string>> = {
  upper: `
    anorak blazer blouse bodysuit bolero bomber bra button-down camisole cardigan flannel
    fleece gilet halter henley hoodie hoody jacket jersey jumper knitwear longsleeve outer
    outerwear outwear parka peacoat polo poncho pullover shirt shrug sling sweater sweatshirt
    t-shirt tank tee top tshirt tunic turtleneck undershirt vest waistcoat windbreaker`,
  lower: `
    bermuda bottom capri chino culotte cutoff denim gaucho jean jegging jodhpur jogger kilt
    legging pant pantyhose sarong short skirt skort slack sweatpant sweatshort tight
    trouser trunk underpant`,
  full: `
    abaya caftan cape cloak coat coverall coverup dress dungaree gown jumpsuit kaftan
    kimono nightdress nightgown onesie overall overcoat pajama playsuit pyjama raincoat
    robe romper saree sari shirtdress suit sundress swimsuit swimwear trenchcoat`,
  other: `
    accessory bag belt boot cap footwear glasses glove hat headwear heel jewellery jewelry
    sandal scarf shoe sneaker sock sunglasses tie watch`,
};

/** What datasets call the types where they say them: as `supercategory`, without spaces and hyphens. */
const SUPERCATEGORIES: Readonly<Record<CategoryType, string>> = {
  upper: 'upper upperbody top tops',
  lower: 'lower lowerbody bottom bottoms',
  full: 'full fullbody whole wholebody onepiece onepieces dresses',
  // Fashionpedia's parts of the body and of garments, but for legs and feet, where tights are.
  other:
    'other others accessory accessories head neck waist armsandhands garmentparts closures decorations',
};

const TYPE_OF_WORD = typesByWord(WORDS);
const TYPE_OF_SUPERCATEGORY = typesByWord(SUPERCATEGORIES);

/** Words that follow a type in a supercategory: "upper-body clothes". */
const CLOTHES = /(clothes|clothing|cloth|garments?|wear)$/;
/** Says nothing of the kind: "short" is no pair of shorts here. */
const SLEEVES = /\b(short|long|half)[ _-]sleeved?s?\b/g;

function typesByWord(
  words: Readonly<Record<CategoryType, string>>,
): ReadonlyMap<string, CategoryType> {
  return new Map(
    (Object.keys(words) as CategoryType[]).flatMap((type) =>
      words[type]
        .trim()
        .split(/\s+/)
        .map((word) => [word, type] as const),
    ),
  );
}

/** A category as it is stored and compared: `  T-Shirt ` and `t-shirt` are one. */
export function categoryName(category: string | null): string {
  const name = nameKey(category ?? '');
  return name === '' ? UNCATEGORISED : name;
}

/**
 * The type of a category: as its supercategory says, else by its name, else by the supercategory as a name; `other` where
 * neither says anything. Of several words the last known one decides, as English puts the kind last: a `shirt dress` is a
 * dress, a `denim jacket` a jacket.
 */
export function categoryTypeOf(category: string, supercategory?: unknown): CategoryType {
  const group = typeof supercategory === 'string' ? nameKey(supercategory) : '';
  const whole = group.replaceAll(/[ _-]/g, '');
  return (
    TYPE_OF_SUPERCATEGORY.get(whole) ??
    TYPE_OF_SUPERCATEGORY.get(whole.replace(CLOTHES, '')) ??
    typeOfName(nameKey(category)) ??
    typeOfPhrase(group) ??
    'other'
  );
}

function typeOfName(name: string): CategoryType | undefined {
  const kind = name.replaceAll(SLEEVES, ' ').trim();
  return typeOfPhrase(kind) ?? lastKnown(kind.split(/[^\p{L}]+/u));
}

/** Of a name that the table has as a whole: `button down`. */
function typeOfPhrase(name: string): CategoryType | undefined {
  return typeOfWord(name.replaceAll(/[ _]/g, '-'));
}

function lastKnown(words: readonly string[]): CategoryType | undefined {
  const known = words.findLast((word) => typeOfWord(word) !== undefined);
  return known === undefined ? undefined : typeOfWord(known);
}

function typeOfWord(word: string): CategoryType | undefined {
  const singulars = [word, word.replace(/s$/, ''), word.replace(/(s|x|ch|sh)es$/, '$1')];
  const found = singulars.find((form) => TYPE_OF_WORD.has(form));
  return found === undefined ? undefined : TYPE_OF_WORD.get(found);
}
