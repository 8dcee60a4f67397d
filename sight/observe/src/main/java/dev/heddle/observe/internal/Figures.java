package dev.heddle.observe.internal;

import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Counter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The numbers and flags of records of statistics, by the names of their components. */
public final class Figures {

    private static final ClassValue<List<Method>> SHOWN = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            List<Method> shown = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getType().isPrimitive()) {
                    shown.add(accessor(type, component));
                }
            }
            return shown;
        }
    };

    /** The accessor of a record, of a hidden one that of the public interface that it is. */
    private static Method accessor(Class<?> type, RecordComponent component) {
        return Arrays.stream(type.getInterfaces())
                .flatMap(each -> Arrays.stream(each.getMethods()))
                .filter(method -> method.getName().equals(component.getName()) && method.getParameterCount() == 0)
                .findFirst()
                .orElse(component.getAccessor());
    }

    private static final ClassValue<Set<String>> COUNTERS = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> component.isAnnotationPresent(Counter.class))
                    .map(RecordComponent::getName)
                    .collect(Collectors.toUnmodifiableSet());
        }
    };

    private Figures() {}

    /** The names of those that only grow. */
    public static Set<String> counters(Record statistics) {
        return COUNTERS.get(statistics.getClass());
    }

    /**
     * What a record says, in its order: a Number or a Boolean each.
     *
     * @param statistics of a public class, or of a public interface with all its accessors, in a package that everybody
     *     may see
     */
    public static Map<String, Object> of(Record statistics) {
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Method accessor : SHOWN.get(statistics.getClass())) {
            figures.put(accessor.getName(), value(accessor, statistics));
        }
        return figures;
    }

    private static Object value(Method accessor, Record statistics) {
        try {
            return accessor.invoke(statistics);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    statistics.getClass().getName() + "." + accessor.getName() + " cannot be read: "
                            + Throwables.describe(e),
                    e);
        }
    }
}
