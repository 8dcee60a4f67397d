package dev.heddle.engine;

import dev.heddle.internal.ReportLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registry of engines, and which one loops get: the best that works here, or the one that is asked for by the
 * environment variable {@code HEDDLE_ENGINE} or the system property {@code heddle.engine}, which comes first.
 *
 * <p>Threads: any.
 */
public final class Engines {

    private static final String NIO = "nio";

    private static volatile @Nullable EngineProvider choice;

    private Engines() {}

    /**
     * An engine that is installed, which may not work here.
     *
     * @param name by which it can be asked for
     * @param whyNot why it cannot work here; empty if it can
     */
    public record Offer(String name, Optional<String> whyNot) {}

    /** All engines that are there, the best first, also those that cannot work here. */
    public static List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (EngineProvider provider : Found.PROVIDERS) {
            offers.add(new Offer(provider.name(), provider.whyNot()));
        }
        return List.copyOf(offers);
    }

    /** Makes an engine of the kind that loops get if nobody says otherwise. */
    public static Engine create() {
        return choice().create();
    }

    /** The name of the engine that loops get if nobody says otherwise. */
    public static String chosen() {
        return choice().name();
    }

    /**
     * What makes engines of a name: {@code Config.DEFAULT.withEngine(Engines.named("nio"))}.
     *
     * @throws IllegalArgumentException if there is none of this name, or it cannot work here; says why
     */
    public static Supplier<Engine> named(String name) {
        return provider(name, "asked for")::create;
    }

    private static EngineProvider provider(String name, String asked) {
        for (EngineProvider provider : Found.PROVIDERS) {
            if (provider.name().equals(name)) {
                provider.whyNot().ifPresent(why -> {
                    throw new IllegalArgumentException(
                            "the engine " + name + ", " + asked + ", cannot work here: " + why);
                });
                return provider;
            }
        }
        throw new IllegalArgumentException("there is no engine " + name + ", " + asked + "; there are: "
                + Found.PROVIDERS.stream().map(EngineProvider::name).collect(Collectors.joining(", ")));
    }

    /** Loaded when first asked for. */
    private static final class Found {

        static final List<EngineProvider> PROVIDERS = load();

        private static List<EngineProvider> load() {
            List<EngineProvider> found = new ArrayList<>(List.of(new Nio()));
            // By the loader of Heddle itself: the thread's own may know nothing of us, in an application server for
            // instance.
            for (EngineProvider provider : ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader())) {
                found.add(provider);
            }
            // The comparators that the JDK combines are made when asked for, which each start would pay.
            found.sort((one, other) -> Integer.compare(other.rank(), one.rank()));
            return List.copyOf(found);
        }
    }

    /** Decided once for the process; a choice that fails fails each time, in the same words. */
    private static EngineProvider choice() {
        EngineProvider known = choice;
        if (known == null) {
            known = choose();
            choice = known;
        }
        return known;
    }

    private static EngineProvider choose() {
        String property = setting(System.getProperty("heddle.engine"));
        if (property != null) {
            return provider(property, "which -Dheddle.engine asks for");
        }
        String variable = setting(System.getenv("HEDDLE_ENGINE"));
        if (variable != null) {
            return provider(variable, "which HEDDLE_ENGINE asks for");
        }
        return best();
    }

    private static @Nullable String setting(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static EngineProvider best() {
        for (EngineProvider provider : Found.PROVIDERS) {
            Optional<String> whyNot = provider.whyNot();
            if (whyNot.isEmpty()) {
                return provider;
            }
            new ReportLog("dev.heddle", Engines.class).log(System.Logger.Level.INFO,
                    "The engine " + provider.name() + " cannot work here: " + whyNot.get(), null);
        }
        throw new AssertionError("the portable engine works everywhere");
    }

    private static final class Nio implements EngineProvider {

        @Override
        public String name() {
            return NIO;
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public Optional<String> whyNot() {
            return Optional.empty();
        }

        @Override
        public Engine create() {
            return new NioEngine();
        }
    }
}
