package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class RetryTokensTest {

    private static final InetSocketAddress PEER = address("192.0.2.1", 7);
    private static final byte[] ORIGINAL = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    private final RetryTokens tokens = new RetryTokens();
    private final byte[] token = tokens.make(1_000, PEER, ORIGINAL, 42);

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    @Test
    void ownTokenGivesTheIdBack() {
        assertArrayEquals(ORIGINAL, tokens.original(2_000, PEER, token, 42));
    }

    @Test
    void tokenOfAnotherAddressIsNone() {
        assertNull(tokens.original(2_000, address("192.0.2.2", 7), token, 42));
        assertNull(tokens.original(2_000, address("192.0.2.1", 8), token, 42));
        assertNull(tokens.original(2_000, address("2001:db8::1", 7), token, 42));
    }

    @Test
    void tokenForAnotherIdIsNone() {
        assertNull(tokens.original(2_000, PEER, token, 43));
    }

    @Test
    void oldTokenIsNone() {
        assertNull(tokens.original(1_001 + RetryTokens.LIFE.toNanos(), PEER, token, 42));
    }

    @Test
    void tokenOfAnotherServerIsNone() {
        assertNull(new RetryTokens().original(2_000, PEER, token, 42));
    }

    @Test
    void changedAndShortTokensAreNone() {
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] ^= 1;
            assertNull(tokens.original(2_000, PEER, changed, 42));
        }
        for (int length : new int[]{0, 1, 8, 23, 24, token.length - 1}) {
            assertNull(tokens.original(2_000, PEER, java.util.Arrays.copyOf(token, length), 42));
        }
        assertNull(tokens.original(2_000, PEER, new byte[1_000], 42));
    }
}
