#ifndef MODEL_PRODUCT_H
#define MODEL_PRODUCT_H
/* IMAP server products, as data/products.tsv lists them. */
#include <stdbool.h>

#include "model/csv.h"

enum product_column { PRODUCT_WHERE, PRODUCT_PATTERN, PRODUCT_NAME, PRODUCT_FORM, PRODUCT_ADMIN_FORMAT };

/*
 * A UserName of that form is not written for the product (or is broken). False for forms that any product may take, and for
 * products of which nothing is known.
 */
bool product_form_is_foreign(const char *product, enum csv_form form);

#endif
