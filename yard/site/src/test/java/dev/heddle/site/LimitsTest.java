package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Limits.java} over made-up houses. */
@Tag("night")
final class LimitsTest {

    @TempDir
    private Path project;

    private String said = "";

    @BeforeEach
    void build() throws IOException {
        for (String house : List.of("kernel", "web", "beyond", "sight", "tool")) {
            write(house + "/limits.txt", "// For people.\n");
        }
        write("docs/limits.md", "");
        write("kernel/core/src/main/java/dev/heddle/Shop.java", """
                package dev.heddle;
                final class Shop {
                    /** Most clerks of a shop; well before they stand in each other's way. */
                    static final int MAX_CLERKS = 1 << 10;
                    private static final long PATIENCE_NANOS = Duration.ofSeconds(90).toNanos();
                    static final int MAX = 3 * 1024 * 1024;
                }
                """);
        write("web/http/src/main/java/dev/heddle/http/ShopOptions.java", """
                package dev.heddle.http;
                public final class ShopOptions {
                    public static final ShopOptions DEFAULT = new ShopOptions(Shop.MAX_CLERKS / 2, Duration.ofHours(1));
                    private ShopOptions(int maxGuests, Duration closing) {}
                    /** Most guests. */
                    public int maxGuests() { return 1; }
                }
                """);
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private int run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(BuildProgram.compiled("Limits"));
        command.add(project.toString());
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        said = output.toString();
        return process.waitFor();
    }

    private List<String> rows() throws Exception {
        assertEquals(0, run(), said);
        return Files.readString(project.resolve("docs/limits.md")).lines().filter(line -> line.startsWith("| ")).skip(1)
                .toList();
    }

    @Test
    void rowsHaveTheNumbersAndTheWordsOfTheSources() throws Exception {
        write("kernel/limits.txt", """
                ## Kernel

                `Shop.MAX_CLERKS`, `PATIENCE_NANOS` |  | {MAX_CLERKS}, for {PATIENCE_NANOS} | the next waits
                `Shop.MAX` | bytes of a bill | {MAX:bytes} | cut
                `Shop` | guests | none: a parameter | wait
                """);
        write("web/limits.txt", "`ShopOptions.maxGuests` |  |  | wait\n`Shop` | `ShopOptions.closing` |  | shut\n");
        assertEquals(List.of(
                "| Most clerks of a shop | 1,024, for 90 s | the next waits | `Shop.MAX_CLERKS`, `PATIENCE_NANOS` |",
                "| bytes of a bill | 3 MiB | cut | `Shop.MAX` |",
                "| guests | none: a parameter | wait | `Shop` |",
                "| limit | default | what happens at it | where |",
                "| Most guests | 512 | wait | `ShopOptions.maxGuests` |",
                "| `ShopOptions.closing` | 1 h | shut | `Shop` |"), rows());
    }

    @Test
    void documentThatSaysOtherwiseIsAnError() throws Exception {
        write("kernel/limits.txt", "`Shop.MAX_CLERKS` | clerks |  | wait\n");
        assertEquals(0, run(), said);
        assertEquals(0, run("check"), said);
        write("kernel/core/src/main/java/dev/heddle/Shop.java",
                "class Shop {\n    static final int MAX_CLERKS = 7;\n}\n");
        assertEquals(1, run("check"), said);
        assertTrue(said.contains("java build/Limits.java ."), said);
    }

    @Test
    void nameThatIsNowhereIsAnError() throws Exception {
        write("kernel/limits.txt", "`Shop.MAX_CATS` | cats |  | wait\n");
        assertEquals(1, run());
        assertTrue(said.contains("Shop has no MAX_CATS"), said);
        write("kernel/limits.txt", "`Barn` | cats | none | wait\n");
        assertEquals(1, run());
        assertTrue(said.contains("no class of ours is named Barn"), said);
    }
}
