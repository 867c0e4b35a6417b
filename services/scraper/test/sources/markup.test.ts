import { describe, expect, test } from '@jest/globals';
import { readPage } from '../../src/sources/markup.ts';

const PAGE = new URL('http://site.test/shows/fw2019/');

function read(html: string) {
  return readPage(html, PAGE, 'DeepStyle/1.0');
}
const addresses = (html: string) => read(html).images.map(({ url }) => url);

describe('images of a page', () => {
  test('the largest of srcset, else src, else the address beside a placeholder', () => {
    expect(
      addresses(`<img src="a-small.jpg" srcset="a.jpg 2000w, a-mid.jpg 900w">
        <img src="/b.jpg"><img src="data:image/gif;base64,R0lG" data-src="c.jpg">
        <picture><source srcset="d.webp 3x"><img src="d.jpg"></picture>`),
    ).toEqual([
      'http://site.test/shows/fw2019/a.jpg',
      'http://site.test/b.jpg',
      'http://site.test/shows/fw2019/c.jpg',
      'http://site.test/shows/fw2019/d.webp',
    ]);
  });

  test('the picture behind a thumbnail replaces it', () => {
    expect(addresses('<a href="full/1.JPG?x=1"><img src="thumb/1.jpg"></a>')).toEqual([
      'http://site.test/shows/fw2019/full/1.JPG?x=1',
    ]);
  });

  test('a thumbnail that leads to a page counts itself', () => {
    expect(addresses('<a href="look-1.html"><img src="1.jpg"></a>')).toEqual([
      'http://site.test/shows/fw2019/1.jpg',
    ]);
  });

  test('each address once, without its fragment', () => {
    expect(addresses('<img src="1.jpg#a"><img src="1.jpg#b"><a href="1.jpg">x</a>')).toHaveLength(
      1,
    );
  });

  test('icons, data and script addresses are none', () => {
    expect(
      addresses(
        '<img src="dot.gif" width="1" height="1"><img src="data:image/png;base64,AA"><img src="javascript:x"><img>',
      ),
    ).toEqual([]);
  });

  test('og:image counts only where nothing else is found', () => {
    const meta = '<meta property="og:image" content="/og.jpg">';
    expect(addresses(meta)).toEqual(['http://site.test/og.jpg']);
    expect(addresses(`${meta}<img src="/1.jpg">`)).toEqual(['http://site.test/1.jpg']);
  });

  test('a base element moves relative addresses', () => {
    expect(addresses('<base href="http://cdn.test/x/"><img src="1.jpg">')).toEqual([
      'http://cdn.test/x/1.jpg',
    ]);
  });
});

describe('what a page tells of a photograph', () => {
  test('data attributes of the picture or around it, caption, author and licence', () => {
    const [image] = read(`<title>Show</title><section data-brand="Aurelie">
      <figure data-category="coat"><img src="1.jpg" alt="Look 1">
      <figcaption>Look 1, <span class="author">Nora K</span></figcaption>
      <a rel="license" href="https://example.org/cc0">CC0</a></figure></section>`).images;
    expect(image?.claims).toEqual({
      brand: 'Aurelie',
      category: 'coat',
      title: 'Look 1, Nora K',
      author: 'Nora K',
      license: 'https://example.org/cc0',
    });
  });

  test('else what the page says of itself', () => {
    const [image] = read(
      '<title>Fall 2019</title><meta name="author" content="A. Press"><img src="1.jpg">',
    ).images;
    expect(image?.claims).toMatchObject({ title: 'Fall 2019', author: 'A. Press', brand: null });
  });
});

test('a figure speaks for the thumbnail that leads to the photograph', () => {
  const [image] =
    read(`<figure data-brand="Aurelie"><a href="full.jpg"><img src="small.jpg" alt="Small"></a>
    <figcaption>Look <b>2</b></figcaption></figure><img src="other.jpg" alt="Other">`).images;
  expect(image).toMatchObject({
    url: 'http://site.test/shows/fw2019/full.jpg',
    claims: { brand: 'Aurelie', title: 'Look 2' },
  });
});

describe('where elements end', () => {
  const brands = (html: string) => read(html).images.map(({ claims }) => claims.brand);

  test('an item ends with the next one, a list within it does not end it', () => {
    expect(
      brands(`<ul><li data-brand="A"><p><img src="1"><ul><li><img src="2"></ul><img src="3">
        <li><img src="4"></ul>`),
    ).toEqual(['A', 'A', 'A', null]);
  });

  test('a cell ends with the next cell, its row or its table', () => {
    expect(
      brands(`<table><tr><td data-brand="A"><b><img src="1"><td><img src="2"></div><img src="3">
        <tr data-brand="B"><td><img src="4"></table><img src="5">`),
    ).toEqual(['A', null, null, 'B', null]);
  });

  test('a link ends with the next one beside it', () => {
    expect(
      addresses('<a href="big.jpg"><img src="1.jpg"><a href="2.html"><img src="2.jpg">'),
    ).toEqual(['http://site.test/shows/fw2019/big.jpg', 'http://site.test/shows/fw2019/2.jpg']);
  });

  test('a paragraph ends with the next block, and an end tag without its start is nothing', () => {
    expect(
      brands(
        '<p data-brand="A"></b></p></p><img src="1"><p data-brand="B"><div><img src="2"></div>',
      ),
    ).toEqual([null, null]);
  });

  test('what closes itself does so only in drawings', () => {
    expect(
      brands('<svg><g data-brand="A"/></svg><img src="1"><div data-brand="B"/><img src="2"/>'),
    ).toEqual([null, 'B']);
  });

  test('scripts and comments hold no elements', () => {
    expect(
      brands(`<script>"<img src='1'>"</script><!-- <img src="2"> --><style><img></style>`),
    ).toEqual([]);
  });
});

describe('links of a page', () => {
  const links = (html: string) => read(html).links.map(({ url }) => url);

  test('pages of the same host only, once each', () => {
    expect(
      links(`<a href="2.html">2</a><a href="2.html#top">2</a><a href="/about">a</a><a href="?page=2">p</a>
        <a href="http://other.test/">o</a><a href="http://site.test:8080/">port</a><a href="mailto:a@b.c">m</a>`),
    ).toEqual([
      'http://site.test/shows/fw2019/2.html',
      'http://site.test/about',
      'http://site.test/shows/fw2019/?page=2',
    ]);
  });

  test('pictures and downloads are no pages', () => {
    expect(links('<a href="1.jpg">1</a><a href="x.pdf">x</a><a href="app.zip">z</a>')).toEqual([]);
  });

  test('nofollow is kept, on a link and on the page', () => {
    expect(links('<a rel="nofollow" href="2.html">2</a>')).toEqual([]);
    expect(links('<meta name="robots" content="nofollow"><a href="2.html">2</a>')).toEqual([]);
  });
});

describe('links that are none', () => {
  const license = (html: string) => read(html).images[0]?.claims.license;

  test('a licence is a link only where it leads to a page of the web', () => {
    const anchor = (href: string) => `<img src="1.jpg"><a rel="license" href="${href}">CC0</a>`;
    expect(license(anchor('/licence'))).toBe('http://site.test/licence');
    expect(license(anchor('javascript:alert(1)'))).toBe('CC0');
    expect(license('<link rel="license" href="javascript:alert(1)"><img src="1.jpg">')).toBeNull();
    expect(license('<img src="1.jpg" data-license="javascript:alert(1)">')).toBe('alert(1)');
  });

  test('an author too', () => {
    const author = (text: string) =>
      read(`<meta name="author" content="${text}"><img src="1.jpg">`).images[0]?.claims.author;
    expect(author('&#106;avascript:alert(1)')).toBe('alert(1)');
    expect(author('https://nora.example/')).toBe('https://nora.example/');
  });
});

test.each(['noindex', 'noimageindex', 'noai', 'noimageai'])(
  'a page with the robots meta tag %s keeps its pictures',
  (directive) => {
    const page = read(`<meta name="ROBOTS" content="${directive}, follow"><a href="2.html">2</a>`);
    expect(page.imagesPermitted).toBe(false);
    expect(page.links).toHaveLength(1);
  },
);

test('a meta tag for another robot is not ours', () => {
  expect(read('<meta name="googlebot" content="noindex">').imagesPermitted).toBe(true);
  expect(read('<meta name="deepstyle" content="noindex">').imagesPermitted).toBe(false);
});
