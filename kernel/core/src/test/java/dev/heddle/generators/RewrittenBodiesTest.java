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
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that yields in its own method becomes a state machine, and nobody sees a difference. */
final class RewrittenBodiesTest {

    private static final int MAX = 7;

    private record Named(String source, Map<String, BodyTools.Make> bodies) {}

    private static Named named(String source, Consumer<Map<String, BodyTools.Make>> adder) {
        Map<String, BodyTools.Make> bodies = new LinkedHashMap<>();
        adder.accept(bodies);
        return new Named(source, bodies);
    }

    private static final List<Named> ALL = List.of(
            named("BodiesWithLoops.java", BodiesWithLoops::addTo),
            named("BodiesWithOperands.java", BodiesWithOperands::addTo),
            named("BodiesWithTries.java", BodiesWithTries::addTo),
            named("BodiesWithSwitches.java", BodiesWithSwitches::addTo),
            named("BodiesWithMembers.java", BodiesWithMembers::addTo),
            named("BodiesWithOthers.java", BodiesWithOthers::addTo));

    static Collection<String> bodies() {
        return ALL.stream().flatMap(each -> each.bodies.keySet().stream()).toList();
    }

    private static GeneratorTrace trace(String body, BodyForm form, String script) {
        Named of = ALL.stream().filter(each -> each.bodies.containsKey(body)).findFirst().orElseThrow();
        return GeneratorTrace.of(form, of.source, script, Objects.requireNonNull(of.bodies.get(body)));
    }

    /** Each call after each number of steps, and each again after that. */
    private static List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        for (int steps = 1; steps < MAX; steps++) {
            for (String first : List.of("n", "s", "f", "c", "sf", "fs", "ff")) {
                scripts.add("n" + "s".repeat(steps - 1) + first + "nsn");
                scripts.add("n".repeat(steps) + first + "sss");
            }
        }
        return scripts;
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodyIsRewritten(String body) {
        assertTrue(trace(body, BodyForm.MACHINE, "n").isOfMachine());
        assertFalse(trace(body, BodyForm.CONTINUATION, "n").isOfMachine());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void consumerAndBodySeeNoDifference(String body) {
        for (String script : scripts()) {
            assertEquals(
                    trace(body, BodyForm.CONTINUATION, script).text(),
                    trace(body, BodyForm.MACHINE, script).text(),
                    script);
        }
    }
}
