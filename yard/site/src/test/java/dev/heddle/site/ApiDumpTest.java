package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code build/ApiDump.java} over a made-up module. */
@Tag("night")
final class ApiDumpTest {

    private static final Path DUMP = Path.of("..", "..", "build", "ApiDump.java");

    @TempDir
    private Path project;

    private void write(String file, String text) throws IOException {
        Path path = project.resolve("source", file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private String dump() throws Exception {
        write("module-info.java", "module dev.heddle.shop { exports dev.heddle.shop; }");
        write("dev/heddle/shop/internal/Till.java", "package dev.heddle.shop.internal; public class Till {}");
        List<String> sources;
        try (var files = Files.walk(project.resolve("source"))) {
            sources = files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
        Path classes = project.resolve("house/shop/target/classes");
        int compiled = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err,
                Stream.concat(List.of("-d", classes.toString()).stream(), sources.stream())
                        .toArray(String[]::new));
        assertEquals(0, compiled);
        var said = new ByteArrayOutputStream();
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", DUMP.toString(), project.toString(), project.toString(), "true")
                .redirectErrorStream(true).start();
        process.getInputStream().transferTo(said);
        return process.waitFor() == 0 ? Files.readString(project.resolve("shop.api")) : said.toString();
    }

    @Test
    void whatHiddenSupertypesHaveIsOfTheTypeThatInheritsIt() throws Exception {
        write("dev/heddle/shop/Shelf.java", """
                package dev.heddle.shop;
                public final class Shelf extends Board<String> {
                    public int size() { return 1; }
                }
                abstract class Board<T> extends Thread implements Comparable<T>, Sized {
                    public int compareTo(T other) { return 0; }
                    void hidden() {}
                    protected dev.heddle.shop.internal.Till ofNoUseToAnybody() { return null; }
                }
                interface Sized { int size(); }
                """);
        assertEquals("""
                module dev.heddle.shop
                    exports dev.heddle.shop

                public final class dev.heddle.shop.Shelf extends Thread implements Comparable<T>
                    public Shelf()
                    public int compareTo(T)
                    public int size()
                """, dump());
    }

    @Test
    void typeThatNoOtherModuleCanNameIsAnError() throws Exception {
        write("dev/heddle/shop/Shop.java", """
                package dev.heddle.shop;
                import dev.heddle.shop.internal.Till;
                public final class Shop {
                    public static Shop of(Till till) { return new Shop(); }
                    public java.util.List<Clerk> clerks() { return java.util.List.of(); }
                    private Till till() { return new Till(); }
                    record Clerk() {}
                }
                """);
        assertEquals("""
                  dev.heddle.shop.Shop names dev.heddle.shop.Shop$Clerk
                  dev.heddle.shop.Shop names dev.heddle.shop.internal.Till
                The public API names types that no other module can name: hide the member, or show the type
                """, dump());
    }
}
