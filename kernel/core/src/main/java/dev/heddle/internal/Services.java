package dev.heddle.internal;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/** The functions that look for what is installed, by the loader of Heddle itself. */
final class Services {

    private Services() {}

    /** The first that works; no other is made. */
    static <T> Optional<T> first(Class<T> service, Predicate<? super T> works) {
        for (T found : ServiceLoader.load(service, service.getClassLoader())) {
            if (works.test(found)) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
