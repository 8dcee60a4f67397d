package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/Budget.java} over a made-up house that may have four lines. */
@Tag("night")
final class BudgetTest {

    private static final Path BUDGET = Path.of("..", "..", "build", "Budget.java");

    @TempDir
    private Path project;

    @BeforeEach
    void buildAHouse() throws IOException {
        write("build/budget.txt", "kernel 4 kernel\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String said(int exit) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", BUDGET.toString(), project.toString()).redirectErrorStream(true).start();
        var output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        assertEquals(exit, process.waitFor(), output::toString);
        return output.toString();
    }

    @Test
    void houseBeyondItsBudgetIsAnError() throws Exception {
        write("kernel/core/src/main/java/Shop.java", "package shop;\n\nfinal class Shop {\n    int open = 1;\n}\n");
        assertTrue(said(0).startsWith("kernel         4 lines of code"));
        write("kernel/core/src/main/java/Till.java", "enum Till {}\n");
        assertTrue(said(1).contains("too many"));
    }

    @Test
    void whatDoesNothingAndWhatOnlyGrowsWithOptionsAndFiguresIsNotCounted() throws Exception {
        write("kernel/core/src/main/java/Shop.java", """
                import java.util.List;

                /** A shop. */
                final class Shop {
                    // open
                    private record Figures(int sold) implements ShopStatistics {}
                }
                """);
        write("kernel/core/src/main/java/ShopOptions.java", "final class ShopOptions {\n    int a;\n    int b;\n}\n");
        write("kernel/core/src/test/java/ShopTest.java", "final class ShopTest {\n    int a;\n    int b;\n}\n");
        assertTrue(said(0).startsWith("kernel         3 lines of code"), said(0));
    }
}
