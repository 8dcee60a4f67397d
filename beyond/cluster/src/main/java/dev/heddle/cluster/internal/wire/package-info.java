/** Messages between two nodes over one connection, and what nodes say of themselves before the first. */
@NullMarked
package dev.heddle.cluster.internal.wire;

import org.jspecify.annotations.NullMarked;
