package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that cannot be rewritten runs in a continuation, and says why, once, at FINE. */
final class UnrewrittenBodiesTest {

    private static final Map<String, BodyTools.Make> ALL = all();

    private final Logger logger = Logger.getLogger("dev.heddle.generators");
    private final List<String> said = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord log) {
            assertEquals(Level.FINE, log.getLevel());
            said.add(log.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static Map<String, BodyTools.Make> all() {
        Map<String, BodyTools.Make> all = new LinkedHashMap<>();
        BodiesThatStay.addTo(all);
        return all;
    }

    static Collection<String> reasons() {
        return ALL.keySet();
    }

    @BeforeEach
    void listen() {
        listener.setLevel(Level.FINE);
        logger.setLevel(Level.FINE);
        logger.addHandler(listener);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(listener);
        logger.setLevel(null);
    }

    private static GeneratorTrace trace(BodyForm form, String script, BodyTools.Make make) {
        return GeneratorTrace.of(form, "BodiesThatStay.java", script, make);
    }

    private void assertSaid(String reason) {
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.getFirst().contains(" switch continuations: "), said.toString());
        assertTrue(said.getFirst().contains(reason), said.toString());
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void bodyThatStaysSaysWhyOnce(String reason) {
        BodyTools.Make make = Objects.requireNonNull(ALL.get(reason));
        for (String script : List.of("nnnnnn", "nsssss", "nfn", "nncn", "nsfsn")) {
            GeneratorTrace machine = trace(BodyForm.MACHINE, script, make);
            assertFalse(machine.isOfMachine());
            assertEquals(trace(BodyForm.CONTINUATION, script, make).text(), machine.text());
        }
        said.removeIf(text -> !text.contains(reason)); // the generators inside have theirs to say
        assertSaid(reason);
    }

    // ---- classes that are not as a compiler wrote them ----

    private static final String SOURCE = """
            package made;
            import dev.heddle.generators.DuplexGenerator;
            public final class Body implements DuplexGenerator.Body<Object, Object, Object> {
                %s
                public Object run(DuplexGenerator.Out<Object, Object> out) {
                    %s
                    return out.yield("last");
                }
            }
            """;

    private static CompiledClass compiled(String member, String statements) {
        return CompiledClass.of("made.Body", SOURCE.formatted(member, statements));
    }

    private static boolean isRewritten(Class<?> type) throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        var body = (DuplexGenerator.Body<Object, Object, Object>) type.getConstructor().newInstance();
        return trace(BodyForm.MACHINE, "nnn", log -> DuplexGenerator.of(body)).isOfMachine();
    }

    @Test
    void classOfAnotherLoaderIsRewrittenFromItsFile() throws Exception {
        assertTrue(isRewritten(compiled("", "out.yield(1);").load()));
        assertEquals(List.of(), said);
    }

    @Test
    void classWithoutItsFileStays() throws Exception {
        assertFalse(isRewritten(compiled("", "out.yield(1);").load(Map.of())));
        assertSaid("made.Body has no class file");
    }

    @Test
    void classThatAnAgentHasChangedStays() throws Exception {
        CompiledClass other = compiled("private int added() { return 1; }", "out.yield(1);");
        assertFalse(isRewritten(compiled("", "out.yield(1);").load(other.files())));
        assertSaid("made.Body is not as in its class file");
    }

    @Test
    void brokenFileIsNoFailureOfTheBody() throws Exception {
        assertFalse(isRewritten(compiled("", "out.yield(1);").load(Map.of("made.Body", new byte[]{1, 2, 3}))));
        assertSaid("made.Body cannot be read");
    }

    @Test
    void bodyThatWouldBeTooLongToBeCompiledStays() throws Exception {
        assertTrue(isRewritten(compiled("", "out.yield(1);".repeat(100)).load()));
        assertFalse(isRewritten(compiled("", "out.yield(1);".repeat(400)).load()));
        assertSaid("the JVM compiles no more than 8000");
    }
}
