package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Words.java} over made-up houses. */
@Tag("night")
final class WordsTest {

    private static final Path WORDS = Path.of("..", "..", "build", "Words.java");

    @TempDir
    private Path project;

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String said(int exit) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", WORDS.toString(), project.toString()).redirectErrorStream(true).start();
        var output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        assertEquals(exit, process.waitFor(), output::toString);
        return output.toString();
    }

    @Test
    void typeThatBeginsWithAQuestionIsAnError() throws Exception {
        for (String house : List.of("web", "beyond", "sight", "tool", "yard")) {
            Files.createDirectories(project.resolve(house));
        }
        String folder = "kernel/core/src/main/java/dev/heddle/";
        write(folder + "Shop.java",
                "/** A shop. Who comes is served. */\n@Named({\"a\", \"b\"})\npublic final class Shop {}\n");
        write(folder + "Till.java", "/**\n * The till.\n */\nfinal class Till {}\n");
        assertEquals("", said(0));

        write(folder + "Clerk.java", "/**\n * Who serves\n * at a {@link Till}.\n */\nrecord Clerk() {}\n");
        assertTrue(said(1).startsWith(folder + "Clerk.java: Who serves at a {@link Till}.\n"));
    }
}
