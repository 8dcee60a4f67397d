package dev.heddle.tls;

import dev.heddle.internal.ReportLog;
import dev.heddle.tls.internal.TlsEngineProvider;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registry of implementations of TLS, and which one connections get: the best that is installed and works here, or
 * the one that is asked for by the environment variable {@code HEDDLE_TLS} or the system property {@code heddle.tls},
 * which comes first. The JDK's, {@code jdk}, works everywhere, and does what another does not know: a {@link
 * javax.net.ssl.SSLContext}, for instance, is its own. The log says why, at {@code FINE}, or at {@code WARNING} if the
 * other was asked for.
 *
 * <p>Threads: any.
 */
public final class TlsEngines {

    private static final String JDK = "jdk";

    private TlsEngines() {}

    /**
     * An implementation that is installed, which may not work here.
     *
     * @param name by which it can be asked for
     * @param whyNot why it cannot work here; empty if it can
     */
    public record Offer(String name, Optional<String> whyNot) {}

    /** All implementations that are there, the best first, also those that cannot work here. */
    public static List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (TlsEngineProvider provider : Found.PROVIDERS) {
            offers.add(new Offer(provider.name(), provider.whyNot()));
        }
        offers.add(new Offer(JDK, Optional.empty()));
        return List.copyOf(offers);
    }

    /**
     * The name of the implementation that connections get.
     *
     * @throws IllegalArgumentException if one is asked for that is not there or cannot work here; says why
     */
    public static String chosen() {
        TlsEngineProvider provider = other();
        return provider == null ? JDK : provider.name();
    }

    /** What is chosen instead of the JDK's; null for that. */
    static @Nullable TlsEngineProvider other() {
        String property = property();
        if (property != null) {
            return named(property, "which -Dheddle.tls asks for");
        }
        String variable = variable();
        if (variable != null) {
            return named(variable, "which HEDDLE_TLS asks for");
        }
        return Found.BEST;
    }

    /** Says that the JDK does what another was to do. */
    static void fallBack(TlsEngineProvider provider, String reason) {
        boolean asked = property() != null || variable() != null;
        new ReportLog("dev.heddle", Tls.class).log(asked ? Level.WARNING : Level.DEBUG,
                "The JDK does TLS here and not " + provider.name() + ": " + reason, null);
    }

    private static @Nullable String property() {
        return setting(System.getProperty("heddle.tls"));
    }

    private static @Nullable String variable() {
        return setting(System.getenv("HEDDLE_TLS"));
    }

    private static @Nullable String setting(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable TlsEngineProvider named(String name, String asked) {
        if (name.equals(JDK)) {
            return null;
        }
        for (TlsEngineProvider provider : Found.PROVIDERS) {
            if (provider.name().equals(name)) {
                provider.whyNot().ifPresent(why -> {
                    throw new IllegalArgumentException("TLS by " + name + ", " + asked + ", cannot work here: " + why);
                });
                return provider;
            }
        }
        throw new IllegalArgumentException("there is no TLS by " + name + ", " + asked + "; there are: "
                + offers().stream().map(Offer::name).collect(Collectors.joining(", ")));
    }

    /** Loaded when first asked for. */
    private static final class Found {

        static final List<TlsEngineProvider> PROVIDERS = load();
        static final @Nullable TlsEngineProvider BEST = best();

        private static List<TlsEngineProvider> load() {
            List<TlsEngineProvider> found = new ArrayList<>();
            // By the loader of Heddle itself, as engines are.
            ServiceLoader.load(TlsEngineProvider.class, TlsEngines.class.getClassLoader()).forEach(found::add);
            found.sort((one, two) -> Integer.compare(two.rank(), one.rank()));
            return List.copyOf(found);
        }

        private static @Nullable TlsEngineProvider best() {
            for (TlsEngineProvider provider : PROVIDERS) {
                Optional<String> whyNot = provider.whyNot();
                if (whyNot.isEmpty()) {
                    return provider;
                }
                fallBack(provider, whyNot.get());
            }
            return null;
        }
    }
}
