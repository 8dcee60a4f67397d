/**
 * Bodies on other nodes: who asks for them, who does them, and which node gets which.
 *
 * <p>Read first {@link dev.heddle.cluster.internal.pool.Dispatcher} and {@link
 * dev.heddle.cluster.internal.pool.BodyServer}.
 */
@NullMarked
package dev.heddle.cluster.internal.pool;

import org.jspecify.annotations.NullMarked;
