package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Heddle;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ledger of one part of a program: what the program has counted by itself, for each public figure of that part.
 *
 * <pre>{@code
 * Ledger ledger = new Ledger(EventStatistics.class, event::statistics)
 *         .row("set", () -> set)
 *         .row("waiting", () -> inside);
 * ledger.run(seed, 1_000, List.of(this::await, this::set));
 * }</pre>
 *
 * <p>The figures are found by reflection: one without a row fails the check, and so does a type of statistics that no ledger is of
 * ({@link #missing}).
 *
 * <p>Threads: one at a time. Cancellation: {@link #run} as the group that it opens; the rest never waits.
 */
public final class Ledger {

    /** Longest that a call of {@link #run} has, in milliseconds. */
    private static final int PATIENCE = 4;

    private static final Duration HALF = Duration.ofNanos(500_000);

    private final Class<?> type;
    private final Supplier<?> told;
    private final Map<String, Row> rows = new HashMap<>();

    /** The program's own figure, or the bounds of one that it cannot know exactly. */
    private record Row(Predicate<Object> allows, Supplier<?> words) {}

    /**
     * A ledger without rows.
     *
     * @param type the interface of the figures: each of its methods is one
     * @param told makes the statistics of this moment
     */
    public <S> Ledger(Class<S> type, Supplier<? extends S> told) {
        this.type = Objects.requireNonNull(type);
        this.told = Objects.requireNonNull(told);
    }

    /** Books a figure that the program knows; numbers are the same whatever their types, collections whatever their order. */
    public Ledger row(String figure, Supplier<?> own) {
        return book(figure, new Row(told -> same(told, own.get()), own));
    }

    private static boolean same(Object told, Object known) {
        if (told instanceof Number one && known instanceof Number other) {
            return one.doubleValue() == other.doubleValue();
        }
        if (told instanceof Collection<?> all && known instanceof Collection<?> mine) {
            return all.size() == mine.size() && all.containsAll(mine);
        }
        return told.equals(known);
    }

    /** Books a figure of which the program knows the bounds alone, both included. */
    public Ledger between(String figure, LongSupplier least, LongSupplier most) {
        return book(figure, new Row(told -> {
            long number = ((Number) told).longValue();
            return number >= least.getAsLong() && number <= most.getAsLong();
        }, () -> least.getAsLong() + " to " + most.getAsLong()));
    }

    private Ledger book(String figure, Row row) {
        if (figures().noneMatch(method -> method.getName().equals(figure))) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no figure " + figure);
        }
        rows.put(figure, row);
        return this;
    }

    private Stream<Method> figures() {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()) && method.getParameterCount() == 0)
                .sorted(Comparator.comparing(Method::getName));
    }

    /**
     * Compares each figure with its row.
     *
     * @throws AssertionError if one differs, or has none
     */
    public void check() {
        Object now = told.get();
        List<String> wrong = new ArrayList<>();
        figures().forEach(method -> {
            String name = type.getSimpleName() + "." + method.getName();
            Row row = rows.get(method.getName());
            if (row == null) {
                throw new AssertionError("no ledger for " + name);
            }
            Object figure = ask(method, now);
            if (!row.allows.test(figure)) {
                wrong.add(name + " tells " + figure + ", the ledger " + row.words.get());
            }
        });
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("; ", wrong));
        }
    }

    private static Object ask(Method figure, Object statistics) {
        try {
            return figure.invoke(statistics);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes calls by chance, each in a task of its own and with a deadline, and checks at moments when every task waits. In
     * simulated time: there a moment passes only when no task can run.
     *
     * @param acts calls of the part, which may wait, fail with a {@link RuntimeException} and be cancelled
     */
    public void run(long seed, int calls, List<Action> acts) {
        var random = new Random(seed);
        Heddle.group(group -> {
            for (int call = 0; call < calls; call++) {
                Action act = acts.get(random.nextInt(acts.size()));
                Duration patience = Duration.ofMillis(random.nextInt(PATIENCE)).plus(HALF);
                group.spawn(() -> Heddle.moveOnAfter(patience, act));
                if (random.nextInt(3) == 0) {
                    Heddle.sleep(Duration.ofMillis(1));
                    checkAtRest();
                }
            }
        });
        checkAtRest();
    }

    /** Whatever is due now comes first. */
    private void checkAtRest() {
        Heddle.sleep(Duration.ofNanos(1));
        check();
    }

    /**
     * The names of the public types of statistics in the module of a class of which there is no ledger.
     *
     * @param known those of which there is one
     */
    public static Set<String> missing(Class<?> inModule, Set<Class<?>> known) {
        URI place;
        try {
            place = inModule.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        Path path = Path.of(place);
        try {
            if (Files.isDirectory(path)) {
                return missing(path, inModule.getClassLoader(), known);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return missing(jar.getPath("/"), inModule.getClassLoader(), known);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> missing(Path root, ClassLoader loader, Set<Class<?>> known) throws IOException {
        Set<String> names = known.stream().map(Class::getName).collect(Collectors.toSet());
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith("Statistics.class") && !name.contains("$"))
                    .filter(name -> !name.contains("internal"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> isPublic(name, loader) && !names.contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isPublic(String name, ClassLoader loader) {
        try {
            return Modifier.isPublic(Class.forName(name, false, loader).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
