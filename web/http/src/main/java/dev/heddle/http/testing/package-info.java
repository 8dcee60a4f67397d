/**
 * Tests of HTTP programs without a network: {@link dev.heddle.http.testing.TestClient} asks handlers, routes or a
 * server over streams in memory, and {@link dev.heddle.http.testing.TestTokens} signs the tokens that they want.
 *
 * <p>Read first: {@link dev.heddle.http.testing.TestClient}.
 *
 * <p>Threads: tasks of one loop. Cancellation and units are those of {@link dev.heddle.http.client}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.http.testing;

import org.jspecify.annotations.NullMarked;
