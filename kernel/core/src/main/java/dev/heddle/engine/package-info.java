/**
 * What a loop takes from the outside: the engine SPI and the portable engine on Java NIO.
 *
 * <p>Read first: {@link dev.heddle.engine.Engine}, {@link dev.heddle.engine.Transport}, {@link
 * dev.heddle.engine.NioEngine}. To write an engine: {@link dev.heddle.engine.SystemEngine}, {@link
 * dev.heddle.engine.AbstractTransport}, {@link dev.heddle.engine.AbstractAcceptor}, {@link dev.heddle.engine.WaitSlot}.
 *
 * <p>Threads: an engine belongs to one loop; only {@link dev.heddle.engine.Engine#wake} is for any thread.
 *
 * <p>Cancellation: a waiting call that is cancelled has moved no bytes and taken no connection.
 *
 * <p>Units: nanoseconds where the name says so, bytes.
 *
 * @since 0.1
 */
@NullMarked
package dev.heddle.engine;

import org.jspecify.annotations.NullMarked;
