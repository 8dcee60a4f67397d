package dev.heddle.tls;

import dev.heddle.tls.internal.ServerNames;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/** The names that a server answers to, for the JDK's engine. */
final class KnownNames extends SNIMatcher {

    private final Set<String> patterns;

    KnownNames(Set<String> patterns) {
        super(StandardConstants.SNI_HOST_NAME);
        this.patterns = patterns;
    }

    @Override
    public boolean matches(SNIServerName name) {
        return name instanceof SNIHostName host && ServerNames.contains(patterns, host.getAsciiName());
    }
}
