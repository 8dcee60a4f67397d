package dev.heddle.tls;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** The names that a server answers to: exact ones, and wildcards for one label. */
final class KnownNames extends SNIMatcher {

    private final Set<String> patterns;

    KnownNames(Set<String> patterns) {
        super(StandardConstants.SNI_HOST_NAME);
        this.patterns = patterns;
    }

    @Override
    public boolean matches(SNIServerName name) {
        return name instanceof SNIHostName host
                && (patterns.contains(lower(host.getAsciiName())) || patterns.contains(wildcard(host.getAsciiName())));
    }

    /** What a name stands for: an exact entry goes before a wildcard. */
    static <T> @Nullable T find(Map<String, T> entries, String name) {
        T exact = entries.get(lower(name));
        return exact == null ? entries.get(wildcard(name)) : exact;
    }

    private static String wildcard(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "*" : "*" + lower(name.substring(dot));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
