import { describe, expect, test } from '@jest/globals';
import { createParser } from '../../src/parser/parser.ts';
import { readPage } from '../../src/sources/markup.ts';
import { readTags } from '../../src/sources/tags.ts';

const PAGE = new URL('http://site.test/');

function read(html: string) {
  return readPage(html, PAGE, 'DeepStyle/1.0');
}

function repeated(count: number, part: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => part(n)).join('');
}

/** The listing of an honest house: a figure, a caption and a link for each picture. */
function listing(count: number): string {
  return `<title>All looks</title><main>${repeated(
    count,
    (n) => `<figure class="look" data-category="coat"><a href="/look/${n}">
      <picture><source srcset="/l/${n}.webp 1x, /x/${n}.webp 2x"><img src="/s/${n}.jpg" alt="Look ${n}"></picture></a>
      <figcaption>Look ${n} by <span class="author">Nora ${n}</span></figcaption></figure>`,
  )}</main>`;
}

describe('a page that made a million elements of 13 kB', () => {
  const html = (count: number) => `<p>${'<b a=i>'.repeat(count)}${'<p>x'.repeat(count)}`;

  test('is rejected for its depth', () => {
    expect(() => read(html(1000))).toThrow('512 deep');
  });

  test('of a depth that is permitted has the elements that are written there', () => {
    expect(read(`${html(500)}<img src="1.jpg">`).images).toHaveLength(1);
  });
});

test.each([
  ['formatting that is not closed', `<p>${'<b a=i>'.repeat(400)}${'<p>x'.repeat(400)}`],
  ['links in links', '<a href=1><p>'.repeat(200)],
  ['tables in cells', '<table><td>'.repeat(200)],
  ['end tags without a start', '<i></b></p></br></table>'.repeat(400)],
  ['frames, selections and forms', '<select><option><frameset><form><form>'.repeat(100)],
  ['headings and bodies', '<html><head><body><template>'.repeat(100)],
])('%s opens what is written there and nothing else', (_, html) => {
  let [opened, closed] = [0, 0];
  const count = { open: () => (opened += 1), close: () => (closed += 1), text: () => {} };
  readTags(html, new Set(), count);
  const written = html.match(/<[a-z]/g)?.length;
  expect([opened, closed]).toEqual([written, written]);
});

describe('pages within the limits are read whole', () => {
  test('an honest listing of 5,000 pictures, each with its own caption', () => {
    const { images, links } = read(listing(5000));
    expect([images.length, links.length]).toEqual([5000, 5000]);
    expect(images[4999]).toMatchObject({
      url: 'http://site.test/x/4999.webp',
      claims: { category: 'coat', title: 'Look 4999 by Nora 4999', author: 'Nora 4999' },
    });
  });

  test.each([
    ['items and paragraphs', '<li><p>'],
    ['rows and cells', '<tr><td><p>'],
    ['links', '<a href="/look">'],
    ['terms', '<dt>Look<dd><p>'],
    ['buttons', '</ul></table><div><button>Look</div>'],
  ])('a listing of the old kind, whose %s are never closed', (_, tags) => {
    const html = `<ul><table>${repeated(2000, (n) => `${tags}<img src="${n}.jpg">`)}</ul>`;
    expect(read(html).images).toHaveLength(2000);
  });

  test('a caption of 500 nested elements', () => {
    const html = `<figure><img src="1.jpg"><figcaption>${'<i>'.repeat(500)}deep</figcaption></figure>`;
    expect(read(html).images[0]?.claims.title).toBe('deep');
  });

  test('a srcset of commas', () => {
    expect(read(`<img src="1.jpg" srcset="${','.repeat(40_000)}">`).images).toMatchObject([
      { url: 'http://site.test/1.jpg' },
    ]);
  });
});

describe('what would make more of a page than it is', () => {
  test('a caption of 5,000 nested elements', () => {
    const html = `<figure><figcaption>${'<i>'.repeat(5000)}deep</figcaption></figure>`;
    expect(() => read(html)).toThrow('512 deep');
  });

  test('elements beyond number', () => {
    expect(() => read('<i></i>'.repeat(200_001))).toThrow('200000 elements');
    expect(() => read(`${'<b>'.repeat(500)}${'</i>'.repeat(200_000)}`)).toThrow('200000 elements');
  });

  test('a long base address of many pictures', () => {
    const html = `<base href="/${'a'.repeat(3900)}/">${repeated(9000, (n) => `<img src="${n}">`)}`;
    expect(() => read(html)).toThrow('more addresses');
  });

  test('a long title of many pictures is cut to what a title may be', () => {
    const title = 'x'.repeat(1_000_000);
    const { images } = read(`<title>${title}</title>${repeated(5000, (n) => `<img src="${n}">`)}`);
    expect(images.every(({ claims }) => claims.title?.length === 500)).toBe(true);
  });
});

describe('within the memory of the thread', () => {
  test.each([
    ['the honest listing', listing(5000), 5000],
    ['as many elements as there may be', '<img src="1.jpg" alt="x">'.repeat(190_000), 1],
    [
      '4 MB of text in a caption',
      `<figure><img src=1><figcaption>${'word &amp; '.repeat(400_000)}`,
      1,
    ],
    ['a tag of 300,000 attributes', `<img src=1 ${repeated(300_000, (n) => `a${n} `)}>`, 1],
    [
      'pictures in a picture of many sources',
      `<picture>${'<source srcset="a 1x">'.repeat(50_000)}${repeated(5000, (n) => `<img src="${n}">`)}`,
      1,
    ],
  ])('%s', async (_, html, images) => {
    const { run, close } = createParser();
    try {
      const body = Buffer.from(html);
      const given = { body, contentType: 'text/html', url: PAGE.href, userAgent: 'DeepStyle/1.0' };
      expect((await run('page', given)).images).toHaveLength(images);
    } finally {
      await close();
    }
  });
});
