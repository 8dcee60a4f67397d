package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compilation of a program in C, by a process whose output and messages go to one file. */
final class CProgramTest {

    private static final String BEFORE = "what stood there before";
    private static final String AFTER = "what came after";
    private static final String NAME = "small";

    @TempDir
    Path home;

    /** What a side does: it says something, compiles, and says something more. */
    static final class Compiling {

        private Compiling() {}

        public static void main(String[] args) {
            System.out.println(BEFORE);
            try {
                CProgram.command(NAME);
            } catch (IllegalStateException e) {
                System.err.println(e.getMessage());
            }
            System.out.println(AFTER);
        }
    }

    @BeforeEach
    void needsACompiler() {
        assumeTrue(CProgram.COMPILER.isThere().getAsBoolean());
    }

    /** The lines in the file in the end. */
    private List<String> compile(String source) throws IOException, InterruptedException {
        Path sources = Files.createDirectories(home.resolve("src/main/c"));
        Files.createFile(sources.resolve("server.h"));
        Files.writeString(sources.resolve(NAME + ".c"), source);
        Path output = home.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dheddle.bench.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                Compiling.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        assertEquals(0, process.waitFor());
        return Files.readAllLines(output);
    }

    @Test
    void fileKeepsWhatWasPrintedBefore() throws Exception {
        assertEquals(List.of(BEFORE, AFTER), compile("int main(void) { return 0; }\n"));
        assertTrue(Files.isExecutable(home.resolve("target/c").resolve(NAME)));
    }

    @Test
    void messagesOfTheCompilerStandBetweenWhatIsPrintedBeforeAndAfter() throws Exception {
        List<String> lines = compile("int main(void) { return nothing; }\n");
        assertEquals(BEFORE, lines.getFirst());
        assertEquals(AFTER, lines.getLast());
        assertTrue(lines.stream().anyMatch(line -> line.contains("error: ")), lines::toString);
        assertTrue(lines.get(lines.size() - 2).startsWith("gcc could not compile "), lines::toString);
    }
}
