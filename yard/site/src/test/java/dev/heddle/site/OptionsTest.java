package dev.heddle.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The shape of all options and statistics of the public API: one more of them breaks no caller that is compiled. So
 * nobody else makes them or takes them apart, and each change of options changes one.
 */
@Tag("night")
final class OptionsTest {

    private static final Pattern TYPE = Pattern
            .compile("public .*(class|interface|record) (dev\\.[\\w.]+)(<.*>)?( .*)?");

    private static final Pattern GROWING = Pattern.compile(
            ".*(Options|Limits|Statistics|Config|Timeouts|Faults|FaultPlan|(Retry|Restart)Policy)");

    /** Changes of what is one thing though it has two numbers. */
    private static final Set<String> PAIRS = Set.of(
            "EmbeddedOptions.withTls", "FaultPlan.withClockJumps", "FaultPlan.withCuts",
            "FaultPlan.withHostStalls", "FaultPlan.withOutages", "FaultPlan.withSlowReaders", "FaultPlan.withStalls",
            "FileOptions.withContentType", "JobHandlerOptions.withRetry", "JobsOptions.withLimit",
            "ResolverOptions.withSearch", "ResolverOptions.withTimeout",
            "RestartPolicy.withMaxRestarts",
            "StoreFaults.withCrashes", "StoreFaults.withExpiryTimes", "StoreFaults.withLags",
            "StoreFaults.withLateSignals", "StoreFaults.withSilences", "StoreFaults.withSplits",
            "StoreFaults.withUnknown", "SubprocessOptions.withVariable");

    /** The types of the public API, and what the dumps say of the members of each. */
    private static Map<String, List<String>> types(boolean records) throws IOException {
        Map<String, List<String>> types = new HashMap<>();
        for (Path dump : dumps()) {
            List<String> members = new ArrayList<>();
            for (String line : Files.readAllLines(dump)) {
                Matcher type = TYPE.matcher(line);
                if (type.matches()) {
                    members = new ArrayList<>();
                    if (!records || type.group(1).equals("record")) {
                        types.put(type.group(2), members);
                    }
                } else {
                    members.add(line.strip());
                }
            }
        }
        return types;
    }

    private static List<Path> dumps() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "..", "build", "api"))) {
            return files.toList();
        }
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    @Test
    void optionsAndStatisticsAreNoRecordsAndHaveNoPublicConstructor() throws IOException {
        Set<String> open = new TreeSet<>();
        types(true).keySet().stream().filter(type -> GROWING.matcher(type).matches()).forEach(open::add);
        types(false).forEach((type, members) -> {
            if (GROWING.matcher(type).matches()
                    && members.stream().anyMatch(line -> line.startsWith("public " + simple(type) + "("))) {
                open.add(type);
            }
        });
        assertEquals(Set.of(), open);
    }

    @Test
    void eachChangeIsOfOneThing() throws IOException {
        Set<String> several = new TreeSet<>();
        types(false).forEach((type, members) -> {
            for (String line : GROWING.matcher(type).matches() ? members : List.<String>of()) {
                Matcher change = Pattern.compile("public (?:static )?\\S+ (with[A-Z]?\\w*)\\((.*)\\).*").matcher(line);
                if (change.matches() && parameters(change.group(2)) > 1
                        && line.contains(" " + type + " ")) {
                    several.add(simple(type) + "." + change.group(1));
                }
            }
        });
        assertEquals(new TreeSet<>(PAIRS), several);
    }

    private static int parameters(String list) {
        return list.replaceAll("<[^<>]*(<[^<>]*>)?[^<>]*>", "").split(",").length;
    }

    @Test
    void eachChangeChangesThatAloneInAllOptionsWithDefaults() throws Exception {
        int changes = 0;
        for (String name : types(false).keySet()) {
            Class<?> type = loaded(name);
            Object defaults = type == null ? null : defaults(type);
            if (defaults != null) {
                for (Method change : type.getMethods()) {
                    changes += changedAlone(defaults, change) == null ? 0 : 1;
                }
                // From the defaults nobody sees a copy that sets another thing back to its own.
                Object changed = defaults;
                for (int round = 0; round < 2; round++) {
                    for (Method change : type.getMethods()) {
                        changed = Objects.requireNonNullElse(changedAlone(changed, change), changed);
                    }
                }
            }
        }
        assertTrue(changes > 185, changes + " changes were looked at");
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException nestedOrOfAModuleThatIsNotHere) {
            return null;
        }
    }

    private static Object defaults(Class<?> type) throws IllegalAccessException {
        for (String name : List.of("DEFAULT", "NONE")) {
            for (var field : type.getFields()) {
                if (field.getName().equals(name) && field.getType() == type) {
                    return field.get(null);
                }
            }
        }
        return null;
    }

    /** The changed options; null if there was nothing to look at. */
    private static Object changedAlone(Object before, Method change) throws Exception {
        Class<?> type = before.getClass();
        if (!change.getName().matches("with[A-Z].*") || change.getParameterCount() != 1
                || change.getReturnType() != type || Modifier.isStatic(change.getModifiers())) {
            return null;
        }
        String name = change.getName().substring(4, 5).toLowerCase() + change.getName().substring(5);
        Map<String, Method> accessors = accessors(type);
        Method own = accessors.get(name);
        if (own == null || own.getReturnType() != change.getParameterTypes()[0]) {
            return null;
        }
        for (Object value : others(own.invoke(before), own.getReturnType())) {
            Object changed;
            try {
                changed = change.invoke(before, value);
            } catch (InvocationTargetException e) {
                continue; // not a value that it takes
            }
            assertEquals(value, own.invoke(changed), change::toString);
            for (Method other : accessors.values()) {
                if (!other.equals(own)) {
                    assertEquals(other.invoke(before), other.invoke(changed), change + " and " + other);
                }
            }
            return changed;
        }
        return null;
    }

    /** The accessors of what it keeps. */
    private static Map<String, Method> accessors(Class<?> type) {
        Set<String> kept = Arrays.stream(type.getDeclaredFields()).map(Field::getName).collect(Collectors.toSet());
        return Arrays.stream(type.getMethods())
                .filter(method -> kept.contains(method.getName()) && method.getParameterCount() == 0)
                .collect(Collectors.toMap(Method::getName, method -> method));
    }

    /** Values of a type that are not this one, most likely to be taken first. */
    private static List<?> others(Object value, Class<?> type) {
        return switch (value) {
            case Boolean flag -> List.of(!flag);
            case Integer number -> List.of(number + 1, number - 1, 1, 2);
            case Long number -> List.of(number + 1, number - 1);
            case Double number -> List.of(number / 2 + 0.01, number / 2);
            case Duration time -> List.of(time.dividedBy(2).plusMillis(1), time.dividedBy(2));
            case Instant time -> List.of(time.plusMillis(1));
            case String text -> List.of(text + "x", "/" + text + "x");
            case Path path -> List.of(path.resolve("x"));
            case List<?> _ -> List.of(List.of("example"), List.of(1));
            case Set<?> _ -> List.of(Set.of("example"), Set.of(500));
            case Map<?, ?> _ -> List.of(Map.of("example", "example"));
            case Enum<?> one -> Arrays.stream(one.getDeclaringClass().getEnumConstants())
                    .filter(other -> other != one)
                    .toList();
            case null -> List.of();
            default -> type.isInterface() && !type.isSealed()
                    ? List.of(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, OptionsTest::ofAny))
                    : List.of();
        };
    }

    private static Object ofAny(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> Objects.hash(method);
            default -> "any";
        };
    }
}
