/** A Spring service that writes an order and submits its letter in one transaction. */
@NullMarked
package dev.heddle.frameworks.shop;

import org.jspecify.annotations.NullMarked;
