package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies written at random do the same in both forms. A failure names its seed; {@link RandomBodies#source} has the code. */
final class RandomBodiesTest {

    private static final long FIRST = Long.getLong("heddle.bodies.seed", 1);
    private static final int SEEDS = Integer.getInteger("heddle.bodies.seeds", 6);
    private static final int SCRIPTS = 12;

    private static String script(Random random) {
        StringBuilder script = new StringBuilder("n");
        int length = 3 + random.nextInt(20);
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(20);
            script.append(kind < 8 ? 's' : kind < 17 ? 'n' : kind < 19 ? 'f' : 'c');
        }
        return script.toString();
    }

    @Test
    @Tag("full")
    void bothFormsDoTheSame() throws Exception {
        int machines = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            RandomBodies.Make bodies = RandomBodies.of(seed);
            Random random = new Random(seed);
            for (int body = 0; body < RandomBodies.COUNT; body++) {
                boolean isOfMachine = false;
                for (int i = 0; i < SCRIPTS; i++) {
                    String script = script(random);
                    int number = body;
                    Function<List<String>, DuplexGenerator<Object, Object, Object>> make = log -> bodies
                            .apply(number, log);
                    GeneratorTrace machine = GeneratorTrace.of(BodyForm.MACHINE, "Bodies.java", script, make);
                    GeneratorTrace continuation = GeneratorTrace.of(BodyForm.CONTINUATION, "Bodies.java", script, make);
                    assertEquals(continuation.text(), machine.text(),
                            "seed " + seed + ", body " + body + ", script " + script);
                    isOfMachine |= machine.isOfMachine();
                }
                machines += isOfMachine ? 1 : 0;
            }
        }
        assertTrue(machines > SEEDS * RandomBodies.COUNT * 3 / 4,
                machines + " machines of " + SEEDS * RandomBodies.COUNT);
    }
}
