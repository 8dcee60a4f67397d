package dev.heddle.http.auth;

import java.util.Map;
import java.util.Optional;

/**
 * A token whose signature, times, issuer and audience were found good.
 *
 * <p>Threads: any; never changes.
 *
 * @param subject whom it is about ({@code sub}); empty if it does not say
 * @param claims all that it says, as JSON has it: texts, numbers, booleans, lists and maps. Its text leaves them out
 */
public record Jwt(String subject, Map<String, Object> claims) {

    /** Copies the claims. */
    public Jwt {
        claims = Map.copyOf(claims);
    }

    /** A claim that is text; empty if it is not there or something else. */
    public Optional<String> text(String claim) {
        return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Whether {@code scope}, a list of words with spaces between (RFC 8693, section 4.2), has a word. */
    public boolean hasScope(String word) {
        return text("scope").stream().anyMatch(all -> (" " + all + " ").contains(" " + word + " ")
                && !word.isEmpty() && word.indexOf(' ') < 0);
    }

    @Override
    public String toString() {
        return "Jwt[" + claims.size() + " claims]";
    }
}
