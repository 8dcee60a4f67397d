package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents become pages: anchors, code in colours, tables, and no foreign HTML. */
final class MarkdownTest {

    private static Markdown of(String text) {
        return new Markdown(text, link -> link, image -> "<svg>" + image + "</svg>");
    }

    @Test
    void headingsHaveTheAnchorsThatGitHubGivesThem() {
        var page = of("# Groups with a result: gather, race, map\n\n## What does `not` give way\n\n## A_b\n\n## A_b\n");
        assertEquals(
                List.of("groups-with-a-result-gather-race-map", "what-does-not-give-way", "a_b", "a_b-1"),
                page.sections().stream().map(Page.Section::anchor).toList());
        assertTrue(page.html().contains("<h2 id=\"what-does-not-give-way\">"), page.html());
    }

    @Test
    void textUnderAHeadingIsItsSection() {
        var page = of("# A\n\nsome *words*\nhere\n\n## B\n\n| x | y |\n|---|---|\n| one | two |\n");
        assertEquals("some words here", page.sections().get(0).text());
        assertEquals("x y one two", page.sections().get(1).text());
    }

    @Test
    void htmlInADocumentIsShownAndNotRun() {
        String html = of("# A\n\n<script>alert(1)</script> [x](javascript:alert(1))\n").html();
        assertFalse(html.contains("<script>"), html);
        assertFalse(html.contains("href=\"javascript"), html);
    }

    @Test
    void javaIsColouredAndEscaped() {
        String html = of("```java\nreturn a < b ? \"x<y\" : 10; // why\n```\n").html();
        assertEquals(
                "<pre class=\"java\"><code><span class=\"keyword\">return</span> a &lt; b ? <span class=\"string\">&quot;x&lt;y&quot;</span> : "
                        + "<span class=\"number\">10</span>; <span class=\"comment\">// why</span>\n</code></pre>",
                html.strip());
    }

    @Test
    void importsAreFolded() {
        String html = of("```java\nimport static a.B.*;\n\nimport java.util.List;\n\nvoid main() {}\n```\n").html();
        String imports = html.substring(0, html.indexOf("</details>"));
        assertTrue(imports.startsWith("<details class=\"imports\"><summary><code>import …</code></summary>"), html);
        assertTrue(imports.contains("java.util.List;"), html);
        assertFalse(imports.contains("main"), html);
        assertTrue(html.substring(imports.length()).contains("main"), html);
        String alone = of("```java\nimport a.B;\nimport a.C;\n```\n").html();
        assertTrue(alone.strip().endsWith("</details>"), alone);
        assertFalse(of("```java\nimport module a;\nvoid main() {}\n```\n").html().contains("details"));
    }

    @Test
    void codeOfOtherLanguagesIsOnlyEscaped() {
        assertEquals("<pre><code>a &lt; b\n</code></pre>", of("```sh\na < b\n```\n").html().strip());
    }

    @Test
    void pictureOfAScreenIsAnImageWithWordsForWhoDoesNotSeeIt() {
        var page = new Markdown("# A\n\n![a page & more](page.png)\n", link -> link,
                image -> "data:image/png;base64,AA==");
        assertTrue(
                page.html().contains(
                        "<img alt=\"a page &amp; more\" class=\"picture\" src=\"data:image/png;base64,AA==\" />"),
                page.html());
    }

    @Test
    void picturesStandInThePageItself() {
        var page = of("# A\n\n![a turn](pictures/turn.svg)\n");
        assertTrue(page.html().contains("<p><svg>pictures/turn.svg</svg></p>"), page.html());
        assertEquals("a turn", page.sections().getFirst().text());
    }

    @Test
    void cellOfATableKnowsTheHeadAboveIt() {
        String html = of("| x | `y` |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n").html();
        assertTrue(html.contains("<td data-head=\"x\">3</td>"), html);
        assertTrue(html.contains("<td data-head=\"y\">2</td>"), html);
        assertTrue(html.contains("<th>x</th>"), html);
    }

    @Test
    void sectionKnowsTheLevelOfItsHeading() {
        var page = of("# A\n\n## B\n\n### C\n");
        assertEquals(List.of(1, 2, 3), page.sections().stream().map(Page.Section::level).toList());
    }

    @Test
    void tablesScrollByThemselves() {
        assertTrue(of("| x |\n|---|\n| 1 |\n").html().contains("<div class=\"table\"><table>"));
    }
}
