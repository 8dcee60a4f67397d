package dev.heddle.http.client;

import dev.heddle.http.internal.syntax.ChallengeReader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A challenge of a server: one way by which it lets a client in, as WWW-Authenticate has it (RFC 9110, section 11.6.1).
 *
 * @param scheme its name in lower case, such as {@code digest}
 * @param parameters names in lower case and values without their quotes, in order; a bare token has the empty name
 */
public record AuthChallenge(String scheme, Map<String, String> parameters) {

    public AuthChallenge {
        // A copy that keeps the order, which Map.copyOf does not.
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** A parameter by its name in lower case. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The challenges of all fields together; none if one of them is malformed. */
    static List<AuthChallenge> parse(List<String> fields) {
        return ChallengeReader.read(fields, AuthChallenge::new);
    }

    /** The names only; a value may belong to somebody. */
    @Override
    public String toString() {
        return scheme + " " + parameters.keySet();
    }
}
