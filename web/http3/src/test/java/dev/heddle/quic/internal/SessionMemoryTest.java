package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.quic.internal.SessionMemory.Key;
import dev.heddle.quic.internal.SessionMemory.Session;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionMemoryTest {

    private static final TlsTrust TRUST = TlsTrust.system();

    private final SessionMemory memory = new SessionMemory();

    private static Key key(String host) {
        return new Key(host, 443, TRUST, List.of("h3"));
    }

    private static Session session(int bytes, long checkedNanos) {
        return new Session(new byte[bytes], checkedNanos);
    }

    @Test
    void sessionIsTakenOnce() {
        memory.keep(key("a"), session(1, 0));
        assertNotNull(memory.take(key("a"), 0));
        assertNull(memory.take(key("a"), 0));
    }

    @Test
    void lastSessionOfAServerCounts() {
        memory.keep(key("a"), session(1, 0));
        memory.keep(key("a"), session(2, 0));
        assertEquals(1, memory.size());
        Session taken = memory.take(key("a"), 0);
        assertEquals(2, taken == null ? 0 : taken.bytes().length);
    }

    @Test
    void otherHostPortTrustOrProtocolSharesNothing() {
        TlsTrust own = TlsAuthority.create("tests", Duration.ofDays(9)).trust();
        memory.keep(key("a"), session(1, 0));
        assertNull(memory.take(key("b"), 0));
        assertNull(memory.take(new Key("a", 444, TRUST, List.of("h3")), 0));
        assertNull(memory.take(new Key("a", 443, own, List.of("h3")), 0));
        assertNull(memory.take(new Key("a", 443, TRUST, List.of("notes")), 0));
        assertNotNull(memory.take(key("a"), 0));
    }

    @Test
    void sessionThatIsTooOldIsForgotten() {
        memory.keep(key("a"), session(1, 0));
        memory.keep(key("b"), session(1, 0));
        assertNotNull(memory.take(key("a"), SessionMemory.MAX_AGE.toNanos()));
        assertNull(memory.take(key("b"), SessionMemory.MAX_AGE.toNanos() + 1));
        assertEquals(0, memory.size());
    }

    @Test
    void oldestGoesForOneTooManyAndALargeOneIsNotKept() {
        for (int i = 0; i <= SessionMemory.MAX_SESSIONS; i++) {
            memory.keep(key("host" + i), session(1, 0));
        }
        assertEquals(SessionMemory.MAX_SESSIONS, memory.size());
        assertNull(memory.take(key("host0"), 0));
        memory.keep(key("host1"), session(SessionMemory.MAX_BYTES + 1, 0));
        assertNull(memory.take(key("host1"), 0));
    }

    @Test
    void parametersOfTheEarlierConnectionAreLeftOut() {
        byte[] session = {0, 0, 0, 0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9};
        assertArrayEquals(new byte[]{0, 0, 0, 0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0},
                Resumption.withoutParameters(session));
    }
}
