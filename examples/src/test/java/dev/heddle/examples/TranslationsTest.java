package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Chinese documents keep up with their originals: heads, tables, code and links are those of the English ones. Each
 * kind of change is planted into a pair that is made up.
 */
final class TranslationsTest {

    private static final String ENGLISH = """
            # 2. Tasks

            A task has a [group](03-groups.md#failures).

            ## Owners

            ```java
            spawn(this::boil); // "in" a task
            ```

            ```java
            String url = "http://example.org/";   // a slash or two
            ```

            ## Tools

            | work | tool | limit |
            |---|---|--:|
            | waits | `spawn` | 100 ms |
            | computes | `offload` | |

            ```text
            one    A A
            ```
            """;

    private static final String CHINESE = """
            # 2. 任务

            [English](../../guide/02-tasks.md)

            任务属于一个[任务组](03-groups.md#失败)。

            ## 归属

            ```java
            spawn(this::boil); // 在任务里
            ```

            ```java
            String url = "http://example.org/";   // 一两个斜杠
            ```

            ## 工具

            | 工作 | 工具 | 上限 |
            |---|---|--:|
            | 等待 | `spawn` | 100 ms |
            | 计算 | `offload` | |

            ```text
            一个    A A
            ```
            """;

    @TempDir
    private Path project;

    @BeforeEach
    void writePairs() throws IOException {
        write("docs/guide/02-tasks.md", ENGLISH);
        write("docs/zh/guide/02-tasks.md", CHINESE);
        write("docs/guide/03-groups.md", "# 3. Groups\n\n## Failures\n");
        write("docs/zh/guide/03-groups.md", "# 3. 任务组\n\n## 失败\n");
        Translations translations = Translations.in(project);
        translations.faults();
        translations.writeRows();
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void plant(String old, String changed) throws IOException {
        assertTrue(ENGLISH.contains(old), old);
        write("docs/guide/02-tasks.md", ENGLISH.replace(old, changed));
    }

    private void assertFound(String fault) throws IOException {
        assertEquals(
                List.of("docs/zh/guide/02-tasks.md is behind docs/guide/02-tasks.md: " + fault),
                Translations.in(project).faults());
    }

    @Test
    void noTranslationIsBehindItsOriginal() throws IOException {
        assertEquals("", String.join("\n", Translations.in(Documents.ROOT).faults()));
    }

    @Test
    void readmeAndGuideAreTranslated() throws IOException {
        List<String> documents = Translations.in(Documents.ROOT).documents();
        assertTrue(documents.contains("README.zh-CN.md"), documents::toString);
        assertTrue(documents.contains("docs/zh/guide/02-tasks.md"), documents::toString);
    }

    @Test
    void readmeOfEachLanguageLeadsToTheOtherAtItsBeginning() {
        for (String language : List.of("", ".zh-CN")) {
            String other = language.isEmpty() ? ".zh-CN" : "";
            String begin = String.join("\n", Documents.text("README" + language + ".md").lines().limit(3).toList());
            assertTrue(begin.contains("](README" + other + ".md)"), begin);
        }
    }

    @Test
    void indexInChineseNamesEachDocumentInChinese() throws IOException {
        String index = Documents.text(Translations.INDEX);
        for (String document : Translations.in(Documents.ROOT).documents()) {
            String link = Path.of(Translations.INDEX).resolveSibling("").relativize(Path.of(document)).toString();
            assertTrue(document.equals(Translations.INDEX) || index.contains("](" + link + ")"), document);
        }
        for (String chapter : Documents.chapters()) {
            assertTrue(index.contains(chapter.substring(chapter.lastIndexOf('/') + 1)), chapter);
        }
    }

    @Test
    void translatedCommentsAndDrawingsAreNoFault() throws IOException {
        assertEquals(List.of(), Translations.in(project).faults());
    }

    @Test
    void headThatIsMissingIsNamed() throws IOException {
        plant("## Tools", "## Names\n\nA name.\n\n## Tools");
        assertFound("4 heads there, 3 here; the first that differs is 'Names'");
    }

    @Test
    void levelOfAHeadIsCompared() throws IOException {
        plant("## Owners", "### Owners");
        assertFound("section 'Owners' is of level 3 there, 2 here");
    }

    @Test
    void blockThatIsMissingIsNamed() throws IOException {
        plant("## Tools", "```sh\n./heddle ps\n```\n\n## Tools");
        assertFound("section 'Owners' has 3 code blocks there, 2 here");
    }

    @Test
    void changedBlockIsFound() throws IOException {
        plant("http://example.org/", "http://example.org/1");
        assertFound(
                "code block 2 of section 'Owners' has there: String url = \"http://example.org/1\";   // a slash or two");
    }

    @Test
    void lineAtTheEndOfABlockIsFound() throws IOException {
        plant("// a slash or two\n", "// a slash or two\ncrawl(url);\n");
        assertFound("code block 2 of section 'Owners' has there: crawl(url);");
        plant("String url = \"http://example.org/\";   // a slash or two\n", "");
        assertFound("code block 2 of section 'Owners' has 0 lines there, 1 here");
    }

    @Test
    void changedRowIsFound() throws IOException {
        plant("| 100 ms", "| 50 ms");
        assertFound("row 1 of table 1 of section 'Tools' has there: 50, `spawn`; here: 100, `spawn`");
        plant("`offload`", "`WorkerPool`");
        assertFound("row 2 of table 1 of section 'Tools' has there: `WorkerPool`; here: `offload`");
    }

    @Test
    void rewordedRowIsFoundUntilItIsTranslated() throws IOException {
        plant("| waits |", "| waits for a network |");
        assertFound(
                "row 1 of table 1 of section 'Tools' has other words than when it was translated: waits for a network | `spawn` | 100 ms");
        Translations translations = Translations.in(project);
        translations.faults();
        translations.writeRows();
        assertEquals(List.of(), Translations.in(project).faults());
    }

    @Test
    void rowsAndColumnsAreCounted() throws IOException {
        plant("| computes | `offload` | |", "| computes | `offload` | |\n| blocks | a pool | |");
        assertFound("table 1 of section 'Tools' has 3 rows there, 2 here");
        plant("| work | tool | limit |\n|---|---|--:|", "| work | tool | limit | why |\n|---|---|--:|---|");
        assertFound("table 1 of section 'Tools' has 4 columns there, 3 here");
        plant("| work ", "\n| work ");
        plant("| computes |", "\n| a | table |\n|---|---|\n| computes |");
        assertFound("section 'Tools' has 2 tables there, 1 here");
    }

    @Test
    void linksLeadToTheSamePlaces() throws IOException {
        plant("03-groups.md#failures", "03-groups.md");
        assertFound(
                "section '2. Tasks' links to docs/guide/03-groups.md there, docs/guide/03-groups.md 'Failures' here");
        plant("A task has", "See [`ps`](../cli.md). A task has");
        assertFound("section '2. Tasks' links to docs/cli.md there, not here");
    }

    @Test
    void linkThatLeadsNowhereIsFound() throws IOException {
        write("docs/zh/guide/02-tasks.md", CHINESE.replace("#失败", "#failures"));
        assertTrue(
                Translations.in(project).faults().contains(
                        "docs/zh/guide/02-tasks.md links to 03-groups.md#failures, which leads nowhere"));
        write("docs/zh/guide/02-tasks.md", CHINESE.replace("03-groups.md#失败", "04-lost.md#失败"));
        assertTrue(
                Translations.in(project).faults().contains(
                        "docs/zh/guide/02-tasks.md links to 04-lost.md#失败, which leads nowhere"));
        write("docs/zh/guide/02-tasks.md", CHINESE.replace("(03-groups.md#失败)", "(../../guide/03-groups.md#failures)"));
        assertEquals(
                List.of("docs/zh/guide/02-tasks.md links to docs/guide/03-groups.md, and docs/zh/guide/03-groups.md is there"),
                Translations.in(project).faults());
    }

    @Test
    void translationWithoutAnOriginalIsFound() throws IOException {
        write("docs/zh/guide/04-lost.md", "# 4\n");
        assertEquals(
                List.of("docs/zh/guide/04-lost.md has no original docs/guide/04-lost.md"),
                Translations.in(project).faults());
    }

    @Test
    void headInACodeBlockIsNoHead() {
        DocumentShape shape = DocumentShape.of("# A\n\n```sh\n# a comment\n```\n\n## B `c`, d\n");
        assertEquals(List.of("a", "b-c-d"), shape.sections().stream().map(DocumentShape.Section::anchor).toList());
        assertFalse(shape.sections().getFirst().blocks().isEmpty());
    }
}
