package dev.heddle.http.client;

import dev.heddle.internal.Hash;
import dev.heddle.internal.SecretNumbers;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Digest access authentication (RFC 7616). The strongest algorithm that is offered is taken; a challenge that wants the
 * body protected only ({@code qop=auth-int}) is not answered. A challenge without {@code qop} is answered as RFC 2069
 * had it.
 *
 * <p>The last nonce of each origin is kept and counted up, so that one round serves many requests.
 */
final class DigestAuth implements Auth {

    /** From weak to strong (RFC 7616; IANA, 2026-11), with the names of the JDK; a challenge of another one is not answered. */
    private static final List<String> NAMES = List.of("md5", "sha-512-256", "sha-256");

    private static final List<String> JDK_NAMES = List.of("MD5", "SHA-512/256", "SHA-256");

    private static final int CLIENT_NONCE_BYTES = 16;

    private static final String FIRST_USE = "00000001";

    /** Origins whose nonce is kept; one object is meant for one. */
    private static final int MAX_ORIGINS = 16;

    private final String user;
    private final String password;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    DigestAuth(String user, String password) {
        checkText(user);
        checkText(password);
        this.user = user;
        this.password = password;
    }

    /** Neither the user nor the password can forge a field; the rest is checked where the value is set. */
    private static void checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("a name or password has no control characters");
            }
        }
    }

    @Override
    public Optional<String> first(AuthTarget target) {
        Session session = sessions.get(origin(target));
        return session == null ? Optional.empty() : Optional.of(session.answer(target));
    }

    @Override
    public Optional<String> answer(AuthTarget target, List<AuthChallenge> challenges) {
        Session best = null;
        for (AuthChallenge challenge : challenges) {
            Session session = session(challenge);
            if (session != null && (best == null || session.strength > best.strength)) {
                best = session;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        if (!best.stale && wasFresh(target.refused(), best.nonce)) {
            // It says no to an answer to its own challenge, and not because of the nonce: the name or password is
            // wrong.
            sessions.remove(origin(target));
            return Optional.empty();
        }
        if (sessions.size() >= MAX_ORIGINS) {
            sessions.clear();
        }
        sessions.put(origin(target), best);
        return Optional.of(best.answer(target));
    }

    /**
     * Whether what was refused was the first use of a nonce, or used the one that is offered again; no matter what
     * others sent.
     */
    private static boolean wasFresh(String refused, String nonce) {
        for (AuthChallenge sent : AuthChallenge.parse(List.of(refused))) {
            if (sent.parameter("nc").orElse("").equals(FIRST_USE) || sent.parameter("nonce").orElse("").equals(nonce)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Session session(AuthChallenge challenge) {
        if (!challenge.scheme().equals("digest")) {
            return null;
        }
        Map<String, String> given = challenge.parameters();
        String algorithm = given.getOrDefault("algorithm", "MD5").toLowerCase(Locale.ROOT);
        boolean perSession = algorithm.endsWith("-sess");
        int strength = NAMES.indexOf(perSession ? algorithm.substring(0, algorithm.length() - 5) : algorithm);
        String qop = given.get("qop");
        boolean counted = qop != null;
        if (strength < 0 || !given.containsKey("nonce") || !given.containsKey("realm")
                || (qop != null && !offersAuth(qop))) {
            return null;
        }
        return new Session(given, strength, perSession, counted);
    }

    private static boolean offersAuth(String qop) {
        for (String each : qop.split(",", -1)) {
            if (each.strip().equalsIgnoreCase("auth")) {
                return true;
            }
        }
        return false;
    }

    private static String origin(AuthTarget target) {
        return target.url().getScheme() + "://" + target.url().getRawAuthority();
    }

    @Override
    public String toString() {
        return "digest authentication";
    }

    /** What one nonce of a server is good for. */
    private final class Session {

        private final int strength;
        private final boolean stale;
        private final String nonce;
        private final String realm;
        private final @Nullable String opaque;
        private final @Nullable String algorithm;
        private final boolean perSession;
        private final boolean counted;
        private final boolean hashedUser;
        private final AtomicInteger count = new AtomicInteger();
        private final String clientNonce;

        Session(Map<String, String> given, int strength, boolean perSession, boolean counted) {
            this.strength = strength;
            this.perSession = perSession;
            this.counted = counted;
            this.nonce = given.getOrDefault("nonce", "");
            this.realm = given.getOrDefault("realm", "");
            this.opaque = given.get("opaque");
            this.algorithm = given.get("algorithm");
            this.stale = "true".equalsIgnoreCase(given.get("stale"));
            this.hashedUser = "true".equalsIgnoreCase(given.get("userhash"));
            this.clientNonce = HexFormat.of().formatHex(SecretNumbers.bytes(CLIENT_NONCE_BYTES));
        }

        /** The value for one request; each has a count of its own. */
        String answer(AuthTarget target) {
            String number = String.format("%08x", count.incrementAndGet());
            String secret = hash(octets(user) + ":" + realm + ":" + octets(password));
            if (perSession) {
                secret = hash(secret + ":" + nonce + ":" + clientNonce);
            }
            String what = hash(target.method() + ":" + target.requestTarget());
            String response = counted
                    ? hash(secret + ":" + nonce + ":" + number + ":" + clientNonce + ":auth:" + what)
                    : hash(secret + ":" + nonce + ":" + what);
            var value = new StringBuilder("Digest ");
            name(value);
            quoted(value.append(", realm="), realm);
            quoted(value.append(", nonce="), nonce);
            quoted(value.append(", uri="), target.requestTarget());
            if (algorithm != null) {
                value.append(", algorithm=").append(algorithm);
            }
            if (counted) {
                value.append(", qop=auth, nc=").append(number);
            }
            if (counted || perSession) {
                quoted(value.append(", cnonce="), clientNonce);
            }
            quoted(value.append(", response="), response);
            if (opaque != null) {
                quoted(value.append(", opaque="), opaque);
            }
            return value.toString();
        }

        private void name(StringBuilder value) {
            if (hashedUser) {
                quoted(value.append("username="), hash(octets(user) + ":" + realm));
                value.append(", userhash=true");
            } else if (isAscii(user)) {
                quoted(value.append("username="), user);
            } else {
                // RFC 8187: the extended form.
                value.append("username*=UTF-8''");
                for (byte b : user.getBytes(StandardCharsets.UTF_8)) {
                    boolean literal = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
                    value.append(literal ? "" + (char) b : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
                }
            }
        }

        /** Of characters that stand for one byte each, as those of a challenge do (RFC 9110, section 5.5). */
        private String hash(String octets) {
            byte[] hash = Hash.of(JDK_NAMES.get(strength), octets.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(hash);
        }
    }

    /** The bytes of a text in UTF-8, a character for each. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x7f);
    }

    private static void quoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        out.append('"');
    }
}
