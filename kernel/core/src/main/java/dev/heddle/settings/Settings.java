package dev.heddle.settings;

import dev.heddle.CancelledException;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.SmallFile;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a program, read into a record.
 *
 * <pre>{@code
 * record Shop(int port, Duration patience, URI bank, Optional<String> greeting) {}
 *
 * Shop shop = Settings.environment("SHOP_")
 *         .or(Settings.file(Path.of("shop.properties")))
 *         .as(new Shop(8080, Duration.ofSeconds(5), URI.create("https://bank.example"), Optional.empty()));
 * }</pre>
 *
 * <p>A component {@code maxOrders} is {@code SHOP_MAX_ORDERS} in the environment, and {@code maxOrders} or {@code
 * max-orders} in a file: case, dashes, dots and underscores tell no two names apart. A component that is a record has
 * its name before those of its own: {@code bank.url}, {@code SHOP_BANK_URL}.
 *
 * <p>A value is a text, a whole number, a number, {@code true} or {@code false}, a duration ({@code 500ms}, {@code 30s},
 * {@code 5m}, {@code 2h}, {@code PT1H30M}), a path, a URI, the name of an enum constant, or several of these with commas
 * as a {@code List}; {@code Optional} for what need not be there. What is missing, malformed or unknown is told at once,
 * by name and without its value, which may be a secret.
 *
 * <p>Threads: any; immutable. To test code that reads settings, give it {@link #of}.
 */
@AsksSystem("the environment is the process's, simulated or not")
public final class Settings {

    /**
     * @param place how a component is spelled there
     * @param strict whether a name that no component has is a fault
     * @param names as they are written, by their plain form
     */
    private record Source(Spelling place, boolean strict, Map<String, String> names, Map<String, String> values) {}

    /** How a name is told. */
    @FunctionalInterface
    private interface Spelling {
        String of(String component);
    }

    private final List<Source> sources;

    private Settings(List<Source> sources) {
        this.sources = sources;
    }

    private static Settings of(Spelling place, boolean strict, Map<String, String> values) {
        Map<String, String> names = new HashMap<>();
        Map<String, String> plain = new HashMap<>();
        values.forEach((name, value) -> {
            names.put(plain(name), name);
            plain.put(plain(name), value);
        });
        return new Settings(List.of(new Source(place, strict, names, plain)));
    }

    /** Those of a map, for tests and for files of other kinds. */
    public static Settings of(Map<String, String> values) {
        return of(name -> name, true, values);
    }

    /**
     * Those of the environment.
     *
     * @param prefix of the variables that count, which is no part of their names: {@code SHOP_}; empty for all, of which
     *     those that the record does not have mean nothing
     */
    public static Settings environment(String prefix) {
        Map<String, String> values = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), value);
            }
        });
        return of(name -> prefix + name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_')
                .toUpperCase(Locale.ROOT), !prefix.isEmpty(), values);
    }

    /** Longest file in bytes. */
    private static final int MAX_BYTES = 1024 * 1024;

    /**
     * Those of a file of properties ({@code name = value}, UTF-8); reads it at once. It may be a pipe without a name
     * too, as shells make of {@code <(command)}: a task waits for that.
     *
     * <p>Cancellation: a call that waits for a pipe may have read a part of it.
     *
     * @throws SettingsException if it cannot be read, is a named pipe, or has more than 1 MiB
     * @throws CancelledException if the enclosing scope is cancelled while it waits
     */
    public static Settings file(Path file) {
        var properties = new Properties();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(SmallFile.read(file, MAX_BYTES));
            properties.load(new StringReader(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString()));
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException(List.of(file + " cannot be read: " + e));
        }
        Map<String, String> values = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
        return of(name -> name + " in " + file, true, values);
    }

    /** These, and for what they do not have the others. */
    public Settings or(Settings others) {
        return new Settings(Stream.concat(sources.stream(), others.sources.stream()).toList());
    }

    /**
     * The settings as a record, whose components must all be there but {@code Optional} ones.
     *
     * @throws SettingsException if something is wrong
     */
    public <R extends Record> R as(Class<R> type) {
        return type.cast(new Reading().whole(type, null));
    }

    /**
     * The settings as a record, with the components of another one for those that are not there.
     *
     * @throws SettingsException if something is wrong
     */
    public <R extends Record> R as(R defaults) {
        @SuppressWarnings("unchecked") // the class of an R
        Class<R> type = (Class<R>) defaults.getClass();
        return type.cast(new Reading().whole(type, defaults));
    }

    private static String plain(String name) {
        return name.replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }

    /** One reading, and what it finds wrong. For one thread. */
    private final class Reading {

        private final List<String> faults = new ArrayList<>();
        private final Set<String> known = new HashSet<>();

        private Object whole(Class<?> type, @Nullable Object defaults) {
            Object read = record(type, defaults, "");
            for (Source source : sources) {
                source.names.forEach((plain, name) -> {
                    if (source.strict && !known.contains(plain)) {
                        faults.add("there is no setting " + source.place.of(name));
                    }
                });
            }
            if (read == null || !faults.isEmpty()) {
                throw new SettingsException(faults);
            }
            return read;
        }

        private @Nullable Object record(Class<?> type, @Nullable Object defaults, String before) {
            RecordComponent[] components = type.getRecordComponents();
            var values = new @Nullable Object[components.length];
            int wrong = faults.size();
            try {
                for (int i = 0; i < components.length; i++) {
                    components[i].getAccessor().setAccessible(true);
                    Object fallback = defaults == null ? null : components[i].getAccessor().invoke(defaults);
                    values[i] = component(components[i].getGenericType(), before + components[i].getName(), fallback);
                }
                if (faults.size() > wrong) {
                    return null;
                }
                Constructor<?> constructor = type.getDeclaredConstructor(
                        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                faults.add(type.getSimpleName() + " is refused: " + e.getCause());
                return null;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record has these", e);
            }
        }

        private @Nullable Object component(Type type, String name, @Nullable Object fallback) {
            Class<?> raw = raw(type);
            if (raw.isRecord()) {
                return record(raw, fallback, name + ".");
            }
            known.add(plain(name));
            for (Source source : sources) {
                String text = source.values.get(plain(name));
                if (text != null) {
                    return value(type, text.strip(), source.place.of(name));
                }
            }
            if (fallback == null && raw == Optional.class) {
                return Optional.empty();
            }
            if (fallback == null) {
                faults.add("there is no " + sources.stream().map(source -> source.place.of(name))
                        .collect(Collectors.joining(", nor ")));
            }
            return fallback;
        }

        private @Nullable Object value(Type type, String text, String name) {
            Class<?> raw = raw(type);
            if (raw == Optional.class) {
                return Optional.ofNullable(value(argument(type), text, name));
            }
            if (raw == List.class) {
                List<Object> all = new ArrayList<>();
                for (String each : text.isEmpty() ? new String[0] : text.split(",", -1)) {
                    Object value = value(argument(type), each.strip(), name);
                    if (value == null) {
                        return null;
                    }
                    all.add(value);
                }
                return List.copyOf(all);
            }
            try {
                return SettingValue.of(raw, text);
            } catch (RuntimeException e) {
                faults.add(name + " must be " + SettingValue.words(raw));
                return null;
            }
        }
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType some ? some.getRawType() : type);
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }
}
