package dev.heddle.generators;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.ChildJvm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main thread, in which the JDK has not looked for scoped values when a body begins. */
final class GeneratorMainThreadTest {

    @ParameterizedTest
    @ValueSource(strings = {"machine", "continuation"})
    void bodyDoesNotSeeTheScopedValuesOfItsConsumer(String form) throws Exception {
        try (ChildJvm child = ChildJvm.start(
                Program.class, List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM, "-Dheddle.generators=" + form))) {
            assertEquals("[nobody, nobody, consumer, nobody]", child.rest().strip());
        }
    }

    static final class Program {
        private static final ScopedValue<String> WHO = ScopedValue.newInstance();

        public static void main(String[] args) {
            Generator<String> generator = Generator.of(out -> {
                while (true) {
                    out.yield(who());
                }
            });
            String first = generator.next();
            ScopedValue.where(WHO, "consumer")
                    .run(() -> System.out.println(List.of(first, generator.next(), who(), generator.next())));
        }

        private static String who() {
            return WHO.isBound() ? WHO.get() : "nobody";
        }
    }
}
