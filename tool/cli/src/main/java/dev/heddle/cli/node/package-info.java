/**
 * The commands of a cluster: {@code heddle node} is one of its nodes, {@code heddle cluster} and {@code heddle jobs}
 * look into it from outside and do what a person decides.
 *
 * <p>Read first: {@link dev.heddle.cli.node.NodeCommand}, {@link dev.heddle.cli.node.NodeFiles}, {@link
 * dev.heddle.cli.node.NodeRun}.
 *
 * <p>The jars of stores are in a directory of their own, which the script puts on the class path of these commands
 * alone. So only {@link dev.heddle.cli.node.EmbeddedStore} names classes that need them, inside of methods: help,
 * completion and {@code heddle node init} work without. Stores that are there already come by their addresses, as
 * services.
 *
 * <p>Threads: those of the command and its loop.
 */
@NullMarked
package dev.heddle.cli.node;

import org.jspecify.annotations.NullMarked;
