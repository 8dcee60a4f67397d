package dev.heddle.generators;

import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/** A class with generators whose bodies are written at random, compiled in memory. */
final class RandomBodies {

    /** Makes the generator of a number, that writes to a list. */
    interface Make extends BiFunction<Integer, List<String>, DuplexGenerator<Object, Object, Object>> {}

    static final int COUNT = 12;

    private static final String NAME = "random.Bodies";

    private static final String BEFORE = """
            package random;
            import dev.heddle.generators.DuplexGenerator;
            import java.util.*;
            import java.util.function.Supplier;
            @SuppressWarnings("all")
            public final class Bodies {
                private static final class Oops extends RuntimeException {
                    private Oops(String text) { super(text); }
                }
                private static final class Pair {
                    private final int a;
                    private final Object b;
                    private Pair(int a, Object b) { this.a = a; this.b = b; }
                    @Override public String toString() { return "pair " + a + " " + b; }
                }
                private record Res(List<String> log, int number) implements AutoCloseable {
                    private Res { log.add("opens " + number); }
                    @Override public void close() { log.add("closes " + number); }
                }
                private final int secret = 42;
                private int calls;
                private int count(List<String> log) { log.add("count " + calls); return calls++; }
                private static int number(Object o) { return o instanceof Integer i ? i : -1; }
                private static long plus(long a, double b, float c, int d) { return a + (long) b * 3 + (long) c * 5 + d; }
                private static Object pick(Object a, long which, Object b) { return which % 2 == 0 ? a : b; }
                private static Object from(Supplier<Object> a, Object b) { return a.get() + " " + b; }
                private static DuplexGenerator<Object, Object, Object> inner(List<String> log, int count) {
                    return DuplexGenerator.of(out -> {
                        try {
                            for (int i = 0; i < count; i++) {
                                log.add("inner got " + out.yield("inner " + i));
                            }
                        } finally {
                            log.add("inner ends");
                        }
                        return "of inner";
                    });
                }
            """;

    private RandomBodies() {}

    /** Compiles those of a seed. */
    static Make of(long seed) throws ReflectiveOperationException {
        Class<?> made = CompiledClass.of(NAME, source(seed)).load();
        return (number, log) -> {
            try {
                Object bodies = made.getConstructor().newInstance();
                @SuppressWarnings("unchecked")
                var generator = (DuplexGenerator<Object, Object, Object>) made.getMethod("make" + number, List.class)
                        .invoke(bodies, log);
                return generator;
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        };
    }

    /** The source of a seed, for who looks into a failure. */
    static String source(long seed) {
        Random random = new Random(seed);
        StringBuilder source = new StringBuilder(BEFORE);
        for (int i = 0; i < COUNT; i++) {
            source.append("public DuplexGenerator<Object, Object, Object> make").append(i)
                    .append("(List<String> log) {\n")
                    .append("Object held = \"held\"; long wide = 1L << 33;\n")
                    .append("return DuplexGenerator.of(out -> ")
                    .append(new RandomBodySource(random).write())
                    .append(");\n}\n");
        }
        return source.append("}\n").toString();
    }
}
