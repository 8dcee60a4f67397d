package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this very project. */
@Tag("night")
final class SiteTest {

    private static final Path PROJECT = Path.of("..", "..").toAbsolutePath().normalize();

    @Test
    void eachChapterOfTheGuideIsAPageInTheMenuOfEachPage(@TempDir Path target) throws IOException {
        Site.of(PROJECT).write(target);
        try (var chapters = Files.list(PROJECT.resolve("docs/guide"))) {
            for (Path chapter : chapters.toList()) {
                String page = chapter.getFileName().toString().replace("README", "index").replace(".md", ".html");
                assertTrue(Files.exists(target.resolve("guide/" + page)), page);
                assertTrue(Files.readString(target.resolve("index.html")).contains("href=\"guide/" + page), page);
                assertTrue(Files.readString(target.resolve("limits.html")).contains("href=\"guide/" + page), page);
            }
        }
    }

    @Test
    void eachLinkOfEachPageLeadsToAFile(@TempDir Path target) throws IOException {
        Site site = Site.of(PROJECT);
        site.write(target);
        for (Page page : site.pages()) {
            Path file = target.resolve(page.address());
            for (String link : Links.of(Files.readString(file))) {
                String path = link.replaceFirst("#.*", "");
                if (!path.isEmpty() && !path.matches("[a-z]+:.*") && !path.contains("api/")) {
                    assertTrue(Files.exists(file.resolveSibling(path).normalize()), page.address() + " -> " + link);
                }
            }
        }
    }

    @Test
    void eachLinkOutOfTheSiteIsAnAddress() throws IOException {
        for (Page page : Site.of(PROJECT).pages()) {
            for (String link : Links.of(page.html())) {
                if (link.matches("[a-z]+:.*")) {
                    URI address = URI.create(link);
                    assertTrue(
                            Set.of("http", "https").contains(address.getScheme()) && address.getHost() != null,
                            () -> page.address() + " -> " + link);
                }
            }
        }
    }

    @Test
    void chapterListsItsPartsUnderItsTitle(@TempDir Path target) throws IOException {
        Site.of(PROJECT).write(target);
        String chapter = Files.readString(target.resolve("guide/04-cancelling-and-deadlines.html"));
        int list = chapter.indexOf("aria-label=\"On this page\"");
        assertTrue(list > chapter.indexOf("</h1>"), "the list");
        assertTrue(chapter.indexOf("<li><a href=\"#clean-up-that-waits\">Clean-up that waits</a>") > list, "its lines");
    }

    @Test
    void eachPageHasATitleAndAnAddressOfItsOwn() throws IOException {
        Set<String> addresses = new HashSet<>();
        for (Page page : Site.of(PROJECT).pages()) {
            assertFalse(page.title().isBlank(), page.address());
            assertTrue(addresses.add(page.address()), page.address());
        }
    }

    @Test
    void searchKnowsHeadingsOfTheGuideAndExamples(@TempDir Path target) throws IOException {
        Site.of(PROJECT).write(target);
        String index = Files.readString(target.resolve("search-index.js"));
        assertTrue(index.contains("[\"guide/02-tasks.html#"), "sections of the guide");
        assertTrue(index.contains("Philosophers.java"), "examples");
    }

    @Test
    void pageInChineseSaysSoAndIsLinkedWithItsOriginal(@TempDir Path target) throws IOException {
        Site site = Site.of(PROJECT);
        site.write(target);
        int pairs = 0;
        for (Page page : site.pages()) {
            String html = Files.readString(target.resolve(page.address()));
            assertTrue(html.contains("<html lang=\"" + (page.chinese() ? "zh-CN" : "en") + "\">"), page.address());
            String words = page.html().replaceAll("(?s)<code>.*?</code>", "");
            assertFalse(page.chinese() && words.contains("**"),
                    () -> "no emphasis beside punctuation: " + page.address());
            String other = page.linkTo(page.inOtherLanguage());
            if (Files.exists(target.resolve(page.inOtherLanguage()))) {
                assertTrue(html.matches("(?s).*<a class=\"language\" [^>]*href=\"" + other + "\".*"), page.address());
                pairs++;
            }
        }
        assertTrue(pairs > 14, () -> "README, index and chapters");
        String chapter = Files.readString(target.resolve("zh/guide/02-tasks.html"));
        assertTrue(chapter.contains("本页内容") && chapter.contains("\"搜索\""), "the frame");
        assertFalse(chapter.contains("<p><a href=\"../../guide/02-tasks.html\">English"), "the line that the head has");
    }

    @Test
    void eachChapterInChineseIsInTheMenu(@TempDir Path target) throws IOException {
        Site.of(PROJECT).write(target);
        String chinese = Files.readString(target.resolve("zh/index.html"));
        assertTrue(chinese.indexOf("<h2>中文</h2>") < chinese.indexOf("<h2>Start</h2>"), "first in Chinese");
        String english = Files.readString(target.resolve("index.html"));
        assertTrue(english.indexOf("<h2>中文</h2>") > english.indexOf("<h2>Decisions</h2>"), "last in English");
        assertTrue(english.contains("href=\"zh/guide/05-channels.html\""), "the chapters");
    }

    @Test
    void linkThatLeadsNowhereFailsTheWhole() {
        SiteException wrong = assertThrows(SiteException.class, () -> new Markdown("# A\n\n[b](c.md)\n", link -> {
            throw new SiteException("a.md has a link to " + link + ", which is no page");
        }, image -> image));
        assertEquals("a.md has a link to c.md, which is no page", wrong.getMessage());
    }
}
