package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.ChildJvm;
import dev.heddle.Heddle;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bodies of a module are rewritten if it opens their package to Heddle; else they run in continuations. */
final class ModuleBodiesTest {

    private static final String BODY = """
            package inside;
            public final class Bodies {
                private static int given;
                public static Object body() {
                    return dev.heddle.generators.DuplexGenerator.of(out -> {
                        given++;
                        out.yield(given);
                        return out.yield(++given);
                    });
                }
            }
            """;

    @TempDir
    Path directory;

    private GeneratorTrace trace(String declaration, Instant written) throws Exception {
        Files.createDirectories(directory.resolve("inside"));
        Path module = Files.writeString(directory.resolve("module-info.java"), declaration);
        Path body = Files.writeString(directory.resolve("inside/Bodies.java"), BODY);
        Path classes = directory.resolve("classes");
        int failed = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err,
                "-cp", ChildJvm.placeOf(Heddle.class), "--add-reads", "guest=ALL-UNNAMED", "-nowarn",
                "-d", classes.toString(), module.toString(), body.toString());
        assertEquals(0, failed);
        Files.setLastModifiedTime(classes.resolve("inside/Bodies.class"), FileTime.from(written));
        Configuration guests = ModuleLayer.boot().configuration()
                .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("guest"));
        ModuleLayer.Controller layer = ModuleLayer.defineModulesWithOneLoader(
                guests, List.of(ModuleLayer.boot()), getClass().getClassLoader());
        Module guest = layer.layer().findModule("guest").orElseThrow();
        layer.addReads(guest, getClass().getClassLoader().getUnnamedModule());
        Class<?> bodies = guest.getClassLoader().loadClass("inside.Bodies");
        assertEquals(guest, bodies.getModule());
        return GeneratorTrace.of(BodyForm.MACHINE, "Bodies.java", "nsn", log -> made(bodies));
    }

    @SuppressWarnings("unchecked")
    private static DuplexGenerator<Object, Object, Object> made(Class<?> bodies) {
        try {
            return (DuplexGenerator<Object, Object, Object>) bodies.getMethod("body").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static final String TEXT = """
            next: 1, SUSPENDED
            send: 2, SUSPENDED
            next: NoSuchElementException the generator has ended, CLOSED
            close: done, CLOSED
            result: null, CLOSED""";

    @Test
    void packageThatIsOpenIsRewritten() throws Exception {
        GeneratorTrace trace = trace("open module guest { exports inside; }", Instant.EPOCH);
        assertEquals(TEXT, trace.text());
        assertEquals(true, trace.isOfMachine());
    }

    @Test
    void classWhoseFileIsNewerThanTheProgramRunsInContinuations() throws Exception {
        GeneratorTrace trace = trace("open module guest { exports inside; }", Instant.now().plusSeconds(60));
        assertEquals(TEXT, trace.text());
        assertEquals(false, trace.isOfMachine());
    }

    @Test
    void packageThatIsNotOpenRunsInContinuations() throws Exception {
        GeneratorTrace trace = trace("module guest { exports inside; }", Instant.EPOCH);
        assertEquals(TEXT, trace.text());
        assertEquals(false, trace.isOfMachine());
    }
}
