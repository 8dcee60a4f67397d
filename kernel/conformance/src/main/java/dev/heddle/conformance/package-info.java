/**
 * What every engine and every stream does, as tests to inherit: for those who write one, in this project or elsewhere.
 *
 * <p>Read first: {@link dev.heddle.conformance.TransportContract}, the suite of byte streams; {@link
 * dev.heddle.conformance.EngineContract}, that of engines; {@link dev.heddle.conformance.TcpContract}, the first over
 * the connections of the second; {@link dev.heddle.conformance.UdpContract} and {@link
 * dev.heddle.conformance.PollerContract}.
 *
 * <p>Threads: a suite makes its own loops; its tests run one after another.
 *
 * <p>Cancellation: each suite tests that a cancelled wait has taken nothing.
 *
 * <p>Units: sizes are bytes, times are {@link java.time.Duration}.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.conformance;

import org.jspecify.annotations.NullMarked;
