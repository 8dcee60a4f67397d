/** What the store in memory and the simulated one have in common. */
@NullMarked
package dev.heddle.cluster.store.internal;

import org.jspecify.annotations.NullMarked;
