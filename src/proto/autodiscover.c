#include "proto/autodiscover.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/xalloc.h"

#define OUTLOOK_2006 "http://schemas.microsoft.com/exchange/autodiscover/outlook/"

/* Nothing from elsewhere, no entity put in, no message on standard error. */
static const int XML_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
enum { NODES_MOST = 20000, DEPTH_MOST = 32 };

static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && str_equal_nocase((const char *)node->name, name);
}

/* The element's own text without white space at its ends; NULL when it has none. Allocated. */
static char *text_of(const xmlNode *node)
{
	struct buf text;
	buf_init(&text, AUTODISCOVER_BYTES);
	for (const xmlNode *child = node->children; child != NULL; child = child->next)
		if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && child->content != NULL)
			buf_puts(&text, (const char *)child->content);
	size_t start = strspn(text.bytes, " \t\r\n"), end = text.length;
	while (end > start && strchr(" \t\r\n", text.bytes[end - 1]) != NULL)
		end--;
	char *result = end > start ? xstrndup(text.bytes + start, end - start) : NULL;
	buf_clear(&text);
	return result;
}

static void keep(char **place, const xmlNode *node)
{
	if (*place == NULL)
		*place = text_of(node);
}

static void take_type(struct autodiscover_answer *answer, const xmlNode *node)
{
	char *type = text_of(node);
	if (type != NULL && answer->type_count < AUTODISCOVER_TYPES && is_named(node->parent, "Protocol"))
		snprintf(answer->types[answer->type_count++], AUTODISCOVER_TYPE_BYTES, "%s", type);
	free(type);
}

static void take_element(struct autodiscover_answer *answer, const xmlNode *node)
{
	if (is_named(node, "Account") && answer->kind == AUTODISCOVER_OTHER)
		answer->kind = AUTODISCOVER_SETTINGS;
	else if (is_named(node, "Error"))
		answer->kind = AUTODISCOVER_ERROR;
	else if (is_named(node, "RedirectUrl")) {
		answer->kind = AUTODISCOVER_REDIRECT_URL;
		keep(&answer->target, node);
	} else if (is_named(node, "RedirectAddr")) {
		answer->kind = AUTODISCOVER_REDIRECT_ADDRESS;
		keep(&answer->target, node);
	} else if (is_named(node, "Type")) {
		take_type(answer, node);
	} else if (is_named(node, "ErrorCode") || is_named(node, "Message")) {
		keep(&answer->error, node);
	}
}

/* Every element in the order of the document, without recursion. */
static void walk(struct autodiscover_answer *answer, const xmlNode *root)
{
	const xmlNode *node = root;
	int depth = 0;
	for (int bound = NODES_MOST; node != NULL && bound > 0; bound--) {
		if (node->type == XML_ELEMENT_NODE)
			take_element(answer, node);
		if (node->type == XML_ELEMENT_NODE && node->children != NULL && depth < DEPTH_MOST) {
			node = node->children;
			depth++;
			continue;
		}
		while (node != root && node->next == NULL) {
			node = node->parent;
			depth--;
		}
		node = node == root ? NULL : node->next;
	}
}

void autodiscover_read_xml(const char *bytes, size_t length, struct autodiscover_answer *answer)
{
	*answer = (struct autodiscover_answer){0};
	if (length > AUTODISCOVER_BYTES) {
		answer->fault = "longer than 64 KiB";
		return;
	}
	xmlDoc *document = xmlReadMemory(bytes, (int)length, "answer.xml", NULL, XML_OPTIONS);
	const xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
	if (root == NULL)
		answer->fault = "not XML";
	else if (document->intSubset != NULL || document->extSubset != NULL)
		answer->fault = "has a document type, which is refused";
	else if (!is_named(root, "Autodiscover"))
		answer->fault = "another kind of XML";
	else
		walk(answer, root);
	xmlFreeDoc(document);
}

static char *copy_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL && *text != '\0' ? xstrdup(text) : NULL;
}

void autodiscover_read_json(const char *bytes, size_t length, struct autodiscover_answer *answer)
{
	json_error_t error;
	*answer = (struct autodiscover_answer){0};
	if (length > AUTODISCOVER_BYTES) {
		answer->fault = "longer than 64 KiB";
		return;
	}
	json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	answer->target = copy_text(root, "Url");
	answer->error = copy_text(root, "ErrorCode");
	if (answer->target != NULL)
		answer->kind = AUTODISCOVER_SETTINGS;
	else if (answer->error != NULL)
		answer->kind = AUTODISCOVER_ERROR;
	else
		answer->fault = root == NULL ? "not JSON" : "another kind of JSON";
	const char *protocol = json_string_value(json_object_get(root, "Protocol"));
	if (protocol != NULL && answer->target != NULL)
		snprintf(answer->types[answer->type_count++], AUTODISCOVER_TYPE_BYTES, "%s", protocol);
	json_decref(root);
}

void autodiscover_answer_clear(struct autodiscover_answer *answer)
{
	free(answer->target);
	free(answer->error);
	*answer = (struct autodiscover_answer){0};
}

char *autodiscover_request(const char *address)
{
	xmlChar *escaped = xmlEncodeSpecialChars(NULL, (const xmlChar *)address);
	char *request = xasprintf("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	                          "<Autodiscover xmlns=\"" OUTLOOK_2006 "requestschema/2006\">"
	                          "<Request><EMailAddress>%s</EMailAddress>"
	                          "<AcceptableResponseSchema>" OUTLOOK_2006 "responseschema/2006a</AcceptableResponseSchema>"
	                          "</Request></Autodiscover>\n",
	                          (const char *)escaped);
	xmlFree(escaped);
	return request;
}
